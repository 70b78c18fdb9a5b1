package io.leprechaun.daemon;

import io.leprechaun.daemon.agent.Agent;
import io.leprechaun.daemon.agent.NextTable;
import io.leprechaun.daemon.agent.Service;
import io.leprechaun.daemon.agent.Status;
import io.leprechaun.daemon.agent.TimedAgent;
import io.leprechaun.daemon.agent.cron.Cron;
import io.leprechaun.daemon.agent.scheduler.Scheduler;
import io.leprechaun.daemon.agent.server.Server;
import io.leprechaun.daemon.config.Problems;
import io.leprechaun.daemon.config.Settings;
import io.leprechaun.daemon.desk.Book;
import io.leprechaun.daemon.desk.Desk;
import io.leprechaun.daemon.desk.History;
import io.leprechaun.daemon.http.ApiServer;
import io.leprechaun.daemon.http.HookServer;
import io.leprechaun.daemon.http.Router;
import io.leprechaun.daemon.lifecycle.Alarms;
import io.leprechaun.daemon.lifecycle.Parts;
import io.leprechaun.daemon.notify.MailText;
import io.leprechaun.daemon.notify.Mailer;
import io.leprechaun.daemon.notify.Notifier;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.process.Processes;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.RecipeBook;
import io.leprechaun.daemon.recipe.RecipeFolder;
import io.leprechaun.daemon.recipe.RecipeReader;
import io.leprechaun.daemon.recipe.RecipeWatcher;
import io.leprechaun.daemon.run.Account;
import io.leprechaun.daemon.run.Notice;
import io.leprechaun.daemon.run.OutputFolder;
import io.leprechaun.daemon.run.Run;
import io.leprechaun.daemon.run.RunDocument;
import io.leprechaun.daemon.run.StoreException;
import io.leprechaun.daemon.run.Workshop;
import io.leprechaun.daemon.store.SqliteStore;
import io.leprechaun.daemon.worker.Channel;
import io.leprechaun.daemon.worker.Dispatcher;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: makes every part, ties them together, starts and stops them. The only place that knows them all. */
final class Daemon implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);
    /** How long runs that may finish have when the daemon stops: less than the 90 seconds that systemd gives. */
    private static final Duration STOP_LIMIT = Duration.ofSeconds(60);

    private static final int ERRORS_KEPT = 1024;

    private final Parts parts = new Parts();
    private final CountDownLatch killed = new CountDownLatch(1);
    private final List<Service> services = new ArrayList<>();
    private final Dispatcher dispatcher;
    private final RecipeWatcher recipes;

    private Daemon(Dispatcher dispatcher, RecipeWatcher recipes) {
        this.dispatcher = dispatcher;
        this.recipes = recipes;
    }
}
