package io.leprechaun.daemon;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.leprechaun.daemon.lifecycle.Threads;
import io.leprechaun.daemon.store.SqliteStore;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Set;
import java.util.Timer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import org.jspecify.annotations.NullMarked;

/**
 * The dependencies of ARCHITECTURE.md, and the actions that only one place may perform. A rule is added here once it
 * was seen to fail on a planted violation.
 */
@AnalyzeClasses(packages = "io.leprechaun", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String API = "io.leprechaun.api..";
    private static final String ROOT = "io.leprechaun.daemon";
    private static final String DAEMON = ROOT + "..";
    private static final String MAIN = ROOT + ".Main";
    private static final String PROCESS = ROOT + ".process..";
    private static final String POSIX = ROOT + ".posix..";

    @ArchTest
    static final ArchRule packages_form_no_cycle =
            slices().matching("io.leprechaun.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule arrows_point_down = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("root")
            .definedBy(ROOT)
            .layer("offline")
            .definedBy(ROOT + ".offline..")
            .layer("access")
            .definedBy(ROOT + ".access..")
            .layer("startup")
            .definedBy(ROOT + ".startup..", ROOT + ".log..")
            .layer("http")
            .definedBy(ROOT + ".http..")
            .layer("notify and store")
            .definedBy(ROOT + ".notify..", ROOT + ".store..")
            .layer("metrics")
            .definedBy(ROOT + ".metrics..")
            .layer("agents")
            .definedBy(ROOT + ".agent..", ROOT + ".desk..", ROOT + ".command..")
            .layer("view")
            .definedBy(ROOT + ".view..")
            .layer("work")
            .definedBy(ROOT + ".worker..", ROOT + ".execution..", PROCESS)
            .layer("history")
            .definedBy(ROOT + ".history..")
            .layer("run")
            .definedBy(ROOT + ".run..")
            .layer("output")
            .definedBy(ROOT + ".output..")
            .layer("tokens")
            .definedBy(ROOT + ".token..", ROOT + ".session..", ROOT + ".audit..", ROOT + ".event..")
            .layer("domain")
            .definedBy(ROOT + ".recipe..", ROOT + ".schedule..", ROOT + ".hook..")
            .layer("settings and life cycle")
            .definedBy(
                    ROOT + ".yaml..",
                    ROOT + ".units..",
                    ROOT + ".keys..",
                    ROOT + ".settings..",
                    ROOT + ".secret..",
                    ROOT + ".lifecycle..",
                    ROOT + ".count..")
            .layer("bodies")
            .definedBy(ROOT + ".body..")
            .layer("trust")
            .definedBy(ROOT + ".trust..")
            .layer("posix")
            .definedBy(POSIX)
            .layer("zone")
            .definedBy(ROOT + ".zone..")
            .layer("api")
            .definedBy(API)
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("offline")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("access")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("startup")
            .mayOnlyBeAccessedByLayers("root", "offline", "access")
            .whereLayer("http")
            .mayOnlyBeAccessedByLayers("root", "access", "offline")
            .whereLayer("http")
            .mayOnlyAccessLayers("api", "tokens", "bodies", "settings and life cycle", "trust")
            .whereLayer("notify and store")
            .mayOnlyBeAccessedByLayers("root", "offline")
            .whereLayer("notify and store")
            .mayOnlyAccessLayers(
                    "view",
                    "work",
                    "history",
                    "run",
                    "output",
                    "domain",
                    "bodies",
                    "settings and life cycle",
                    "trust",
                    "posix",
                    "api")
            .whereLayer("metrics")
            .mayOnlyBeAccessedByLayers("root")
            .whereLayer("metrics")
            .mayOnlyAccessLayers("agents", "work", "history", "run", "domain", "settings and life cycle")
            .whereLayer("agents")
            .mayOnlyBeAccessedByLayers("root", "offline", "startup", "metrics")
            .whereLayer("view")
            .mayOnlyAccessLayers("history", "run", "output", "domain", "settings and life cycle", "posix", "api")
            .whereLayer("work")
            .mayOnlyAccessLayers(
                    "history",
                    "run",
                    "output",
                    "domain",
                    "bodies",
                    "settings and life cycle",
                    "trust",
                    "posix",
                    "zone",
                    "api")
            .whereLayer("history")
            .mayOnlyAccessLayers("run", "output", "domain", "bodies", "settings and life cycle", "trust", "posix")
            .whereLayer("run")
            .mayOnlyAccessLayers("output", "domain", "bodies", "settings and life cycle", "posix")
            .whereLayer("output")
            .mayOnlyAccessLayers("work", "domain", "bodies", "settings and life cycle", "trust", "posix")
            .whereLayer("tokens")
            .mayOnlyAccessLayers("api")
            .whereLayer("domain")
            .mayOnlyAccessLayers("bodies", "settings and life cycle", "trust", "posix")
            .whereLayer("bodies")
            .mayNotAccessAnyLayer()
            .whereLayer("settings and life cycle")
            .mayOnlyAccessLayers("trust", "posix")
            .whereLayer("trust")
            .mayOnlyAccessLayers("posix")
            .whereLayer("posix")
            .mayOnlyAccessLayers("settings and life cycle")
            .whereLayer("zone")
            .mayNotAccessAnyLayer()
            .whereLayer("zone")
            .mayOnlyBeAccessedByLayers("root", "work", "startup")
            .whereLayer("api")
            .mayNotAccessAnyLayer()
            // Client and daemon suggest words by one rule, in the only module that both have.
            .ignoreDependency(
                    nameMatching("io\\.leprechaun\\.daemon\\.yaml\\.Nearest"),
                    nameMatching("io\\.leprechaun\\.api\\.Nearest"))
            // The port that the server agent owns and the edge implements.
            .ignoreDependency(
                    resideInAPackage(ROOT + ".http.."),
                    nameMatching("io\\.leprechaun\\.daemon\\.agent\\.server\\.Hook(Answer|Listener|Request)(\\$.*)?"));

    @ArchTest
    static final ArchRule every_package_is_null_marked = classes()
            .that(describe(
                    "stand in a package that is not @NullMarked",
                    type -> !type.getPackage().isAnnotatedWith(NullMarked.class)))
            .should()
            .resideOutsideOfPackage("io.leprechaun..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule the_api_does_no_input_or_output_and_has_no_threads = noClasses()
            .that()
            .resideInAPackage(API)
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.nio.channels..", "java.net.http..", "java.util.concurrent..")
                    .or(describe(
                            "files, sockets, processes and threads",
                            type -> Set.of(
                                            "java.io.File",
                                            "java.io.FileInputStream",
                                            "java.io.FileOutputStream",
                                            "java.io.FileReader",
                                            "java.io.FileWriter",
                                            "java.io.RandomAccessFile",
                                            "java.lang.ProcessBuilder",
                                            "java.lang.Thread",
                                            "java.net.Socket",
                                            "java.net.URLConnection",
                                            "java.nio.file.Files")
                                    .contains(type.getName()))));

    @ArchTest
    static final ArchRule decisions_have_no_clock_no_thread_and_no_store = noClasses()
            .that()
            .haveNameMatching("io\\.leprechaun\\.daemon\\.worker\\.(QueueState|Jobs|Job|Queue|Lane|Locks|StartOrder"
                    + "|ActiveRuns|Deadlines|Absences|Admission|Workers|Simulation)(\\$.*)?")
            .should()
            .dependOnClassesThat(resideInAnyPackage("java.util.concurrent..", ROOT + ".history..")
                    .or(describe(
                            "clocks, threads and executions",
                            type -> Set.of("Thread", "InstantSource", "HostClock", "Alarms", "Execution", "Executions")
                                    .contains(type.getSimpleName()))))
            .orShould()
            .callMethod(Instant.class, "now")
            .because("the daemon and the simulation carry the same decisions out");

    @ArchTest
    static final ArchRule java_starts_no_process = noClasses()
            .that()
            .resideInAPackage(DAEMON)
            .should()
            .dependOnClassesThat(type(ProcessBuilder.class))
            .orShould()
            .accessTargetWhere(calls(Runtime.class, "exec"))
            .because("the reaper waits for every child of this JVM, and would take its status");

    @ArchTest
    static final ArchRule only_process_starts_and_reaps = noClasses()
            .that()
            .resideOutsideOfPackages(PROCESS, POSIX)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("io\\.leprechaun\\.daemon\\.posix\\.(Spawn|Wait).*");

    @ArchTest
    static final ArchRule only_posix_calls_the_system = noClasses()
            .that()
            .resideOutsideOfPackage(POSIX)
            .and()
            .resideInAPackage(DAEMON)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("java.lang.foreign..");

    /** An executor with an explicit thread factory is allowed: factories come from {@link Threads} too. */
    @ArchTest
    static final ArchRule only_threads_makes_threads = noClasses()
            .that(not(type(Threads.class)))
            .and()
            .resideInAPackage(DAEMON)
            .should()
            .accessTargetWhere(calls(Thread.class, "<init>", "ofPlatform", "ofVirtual", "startVirtualThread"))
            .orShould()
            .accessTargetWhere(calls(Timer.class, "<init>"))
            .orShould()
            .accessTargetWhere(calls(ForkJoinPool.class, "<init>", "commonPool"))
            .orShould()
            .accessTargetWhere(makesThreadsOfItsOwn());

    /**
     * A thread that lives as long as the daemon is a {@code SupervisedThread}; these two make threads that end by
     * themselves.
     */
    @ArchTest
    static final ArchRule threads_that_live_on_are_supervised = noClasses()
            .that()
            .resideOutsideOfPackage(ROOT + ".lifecycle..")
            .and()
            .doNotHaveFullyQualifiedName(MAIN)
            .and(not(type(SqliteStore.class)))
            .should()
            .accessTargetWhere(calls(Threads.class, "platform"));

    @ArchTest
    static final ArchRule wall_time_is_read_in_main_only = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MAIN)
            .and()
            .resideInAnyPackage(DAEMON, API)
            .should()
            .accessTargetWhere(calls(System.class, "currentTimeMillis"))
            .orShould()
            .accessTargetWhere(calls(InstantSource.class, "system"))
            .orShould()
            .accessTargetWhere(calls(
                    Clock.class,
                    "system",
                    "systemUTC",
                    "systemDefaultZone",
                    "tickMillis",
                    "tickSeconds",
                    "tickMinutes"))
            .orShould()
            .accessTargetWhere(readsTheClock());

    @ArchTest
    static final ArchRule standard_streams_belong_to_programs = noClasses()
            .that()
            .resideOutsideOfPackages(ROOT, ROOT + ".offline..")
            .and()
            .resideInAPackage(DAEMON)
            .should()
            .accessTargetWhere(calls(System.class, "out", "err"))
            .orShould()
            .accessTargetWhere(calls(Throwable.class, "printStackTrace"))
            .because("the daemon's words go to its log");

    @ArchTest
    static final ArchRule only_main_ends_the_jvm = noClasses()
            .that()
            .doNotHaveFullyQualifiedName(MAIN)
            .and()
            .resideInAPackage(DAEMON)
            .should()
            .accessTargetWhere(calls(System.class, "exit"))
            .orShould()
            .accessTargetWhere(calls(Runtime.class, "exit", "halt"));

    @ArchTest
    static final ArchRule jetty_stays_in_http = confined("org.eclipse.jetty..", ROOT + ".http..");

    @ArchTest
    static final ArchRule sql_stays_in_store = confined("java.sql..", ROOT + ".store..");

    @ArchTest
    static final ArchRule jdbi_stays_in_store = confined("org.jdbi..", ROOT + ".store..");

    @ArchTest
    static final ArchRule mail_stays_in_notify = confined("jakarta.mail..", ROOT + ".notify.delivery..");

    private static ArchRule confined(String library, String home) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .and()
                .resideInAPackage("io.leprechaun..")
                .should()
                .dependOnClassesThat(resideInAPackage(library));
    }

    private static DescribedPredicate<JavaAccess<?>> calls(Class<?> owner, String... names) {
        Set<String> members = Set.of(names);
        return describe(
                owner.getSimpleName() + " " + String.join(", ", names),
                access -> access.getTargetOwner().isAssignableTo(owner)
                        && members.contains(access.getTarget().getName()));
    }

    private static DescribedPredicate<JavaAccess<?>> readsTheClock() {
        return describe("now of java.time, or a new Date", access -> {
            String owner = access.getTargetOwner().getName();
            String member = access.getTarget().getName();
            return owner.startsWith("java.time.") && member.equals("now")
                    || owner.equals("java.util.Date")
                            && member.equals("<init>")
                            && takes(access).isEmpty();
        });
    }

    private static DescribedPredicate<JavaAccess<?>> makesThreadsOfItsOwn() {
        return describe("an executor without a thread factory, or the common pool", access -> {
            JavaClass owner = access.getTargetOwner();
            String member = access.getTarget().getName();
            boolean makesExecutor = owner.isEquivalentTo(Executors.class) && member.startsWith("new")
                    || member.equals("<init>")
                            && (owner.isEquivalentTo(ThreadPoolExecutor.class)
                                    || owner.isEquivalentTo(ScheduledThreadPoolExecutor.class));
            boolean usesCommonPool = owner.isAssignableTo(CompletableFuture.class) && member.endsWith("Async");
            return makesExecutor && !takes(access).contains(ThreadFactory.class.getName())
                    || usesCommonPool && !takes(access).contains(Executor.class.getName());
        });
    }

    private static Set<String> takes(JavaAccess<?> access) {
        return access.getTarget() instanceof CodeUnitAccessTarget target
                ? Set.copyOf(target.getRawParameterTypes().stream()
                        .map(JavaClass::getName)
                        .toList())
                : Set.of();
    }
}
