package io.leprechaun.daemon.http;

import io.leprechaun.api.Access;
import io.leprechaun.api.Call;
import io.leprechaun.api.Caller;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Patience;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.Resolver;
import io.leprechaun.api.Verbs;
import io.leprechaun.daemon.audit.ChangeLog;
import io.leprechaun.daemon.count.Traffic;
import io.leprechaun.daemon.http.description.Description;
import io.leprechaun.daemon.http.port.Connections;
import io.leprechaun.daemon.units.LogValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpHeaderValue;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.util.UrlEncoded;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The handler of API requests. It finds the command's handler, checks method and caller, calls the handler, and writes
 * its answer.
 */
final class ApiHandler extends org.eclipse.jetty.server.Handler.Abstract {
    private static final Logger LOG = LoggerFactory.getLogger(ApiHandler.class);

    private static final String PARAMETER = "--param";
    private static final String TEXT = "--text";

    private final Router router;
    private final Entrance entrance;
    private final Connections connections;
    private final ChangeLog changes;
    private final Traffic traffic;
    private final ArgumentsBody bodies = new ArgumentsBody();
    /** The number of current requests of each caller, where it is limited. */
    private final Map<String, Integer> busy = new ConcurrentHashMap<>();

    /**
     * Creates a handler.
     *
     * @param entrance the way by which requests come to it
     * @param connections the connections, notified of each request that has been received completely
     * @param changes the record of changes
     * @param traffic the counts of requests
     */
    ApiHandler(Router router, Entrance entrance, Connections connections, ChangeLog changes, Traffic traffic) {
        this.router = router;
        this.entrance = entrance;
        this.connections = connections;
        this.changes = changes;
        this.traffic = traffic;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        try {
            answer(request, response, callback);
        } catch (IOException e) {
            callback.failed(e); // the caller has disconnected
        } catch (LeftException e) {
            callback.failed(new EofException("the caller has disconnected"));
        } catch (ProblemException e) {
            Answers.problem(request, response, callback, e.problem());
        } catch (OutOfMemoryError | StackOverflowError e) { // of this request alone; others go on
            unavailable(request, response, callback, "not enough memory for this request: try again");
            LOG.error("request={} could not be answered: out of memory: {}", named(request), e.toString());
        } catch (RuntimeException e) { // whatever a handler does, the caller gets an answer
            LOG.error("request={} failed: internal error", named(request), e);
            var problem = Problem.defect("internal error: " + e + "; see the daemon's log");
            Answers.problem(request, response, callback, problem);
        }
        return true;
    }

    private static String named(Request request) {
        return LogValue.of(request.getMethod() + " " + request.getHttpURI().getPath());
    }

    /** Answers with 503, or cuts off an answer that has begun. */
    private static void unavailable(Request request, Response response, Callback callback, String why) {
        if (response.isCommitted()) {
            callback.failed(new IOException(why));
            return;
        }
        response.reset();
        Answers.problem(request, response, callback, new Problem(503, "Unavailable", why, ExitCode.REFUSED));
    }

    private void answer(Request request, Response response, Callback callback) throws IOException {
        String path = Answers.withoutSlash(Request.getPathInContext(request));
        Caller caller = caller(request, path);
        OptionalInt most = entrance.mostOfOne();
        if (most.isEmpty()) {
            answer(request, response, callback, caller, path);
            return;
        }
        if (busy.merge(caller.user(), 1, Integer::sum) > most.getAsInt()) {
            leave(caller);
            unavailable(
                    request,
                    response,
                    callback,
                    "too many requests of this caller: wait for one of the " + most.getAsInt() + " open ones");
            return;
        }
        try {
            answer(request, response, callback, caller, path);
        } finally {
            leave(caller);
        }
    }

    private Caller caller(Request request, String path) {
        try {
            return entrance.caller(request, path);
        } catch (ProblemException e) {
            connections.begins(request); // else the connection would count as one that sends no request
            throw e;
        }
    }

    private void leave(Caller caller) {
        busy.computeIfPresent(caller.user(), (_, count) -> count > 1 ? count - 1 : null);
    }

    private void answer(Request request, Response response, Callback callback, Caller caller, String path)
            throws IOException {
        String form = bodies.form(request);
        String parameters = ArgumentsBody.parameters(request, form);
        connections.begins(request);
        if (connections.isCrowded()) {
            unavailable(request, response, callback, "too many requests at once: try again");
            return;
        }
        if (path.equals(Description.DOCUMENT) || path.equals(Description.PAGE)) { // each caller may read
            requireMethod(request, response, path, Access.READ);
            Answers.content(response, callback, Description.type(path), Description.at(path));
            return;
        }
        Optional<String> lastEvent = Optional.ofNullable(request.getHeaders().get("Last-Event-ID"));
        Resource resource = Resource.of(path, parameters, lastEvent)
                .orElseGet(() -> new Resource(path, Resolver.arguments(parameters)));
        Handler handler =
                router.find(resource.path()).orElseThrow(() -> new ProblemException(unknown(resource.path())));
        if (!caller.may(handler.access())) {
            throw entrance.denied(request, caller, handler, resource.path());
        }
        if (!request.getMethod().equals("GET") && !Answers.isHead(request)) {
            entrance.requireIntent(request, form);
        }
        requireMethod(request, response, resource.path(), handler.access());
        Fields query = query(parameters); // parsed before anything is changed
        var call = new Call(resource.arguments(), caller, wait -> during(request, response, wait));
        var reply = handler.access() == Access.READ
                ? handler.answer().apply(call)
                : entrance.once(request, parameters, form, () -> change(request, handler, resource.path(), call));
        boolean streams = reply instanceof Reply.Stream;
        if (streams) {
            entrance.requireOwnReader(request);
            traffic.streamBegins();
        }
        try {
            Answers.reply(request, response, callback, reply, query, () -> entrance.admits(request));
        } finally {
            if (streams) {
                traffic.streamEnds();
            }
        }
    }

    private static void requireMethod(Request request, Response response, String path, Access access) {
        boolean asked = access.method().equals(request.getMethod()) || access == Access.READ && Answers.isHead(request);
        if (!asked) {
            response.getHeaders().put(HttpHeader.ALLOW, methods(access));
            throw new ProblemException(new Problem(
                    405,
                    "Method not allowed",
                    "invalid method for " + path + ": use " + methods(access),
                    ExitCode.USAGE));
        }
    }

    /** Carries a change out, and records it with its result. */
    private Reply change(Request request, Handler handler, String path, Call call) {
        List<String> words = withoutValues(call.arguments());
        String by = call.caller().user();
        LOG.info(
                "{} {} {} requested",
                CommandPairs.name(path, handler),
                CommandPairs.arguments(words),
                CommandPairs.requester(by));
        String command = CommandPairs.typed(path, handler);
        int code = ExitCode.DEFECT.number();
        Optional<String> reason = Optional.of("internal error");
        try {
            Reply reply = handler.answer().apply(call);
            code = reply.code().number();
            reason = Optional.empty();
            return reply;
        } catch (ProblemException e) {
            code = e.problem().code().number();
            reason = Optional.of(e.problem().detail());
            throw e;
        } catch (LeftException e) {
            code = ExitCode.OK.number();
            reason = Optional.of("the caller left before the answer");
            throw e;
        } finally {
            changes.add(by, entrance.way(request), command, words, code, reason);
        }
    }

    private static String methods(Access access) {
        String method = access.method();
        return method.equals("GET") ? "GET, HEAD" : method;
    }

    /**
     * Returns the words of a call for the log, without values: a parameter's value may be a secret, and a recipe's text
     * may contain one.
     */
    static List<String> withoutValues(List<String> words) {
        var shown = new ArrayList<String>();
        boolean parameter = false;
        boolean text = false;
        for (String word : words) {
            if (text) {
                shown.add("…");
            } else if (parameter) {
                shown.add(name(word) + "=…");
            } else if (word.startsWith(TEXT + "=")) {
                shown.add(TEXT + "=…");
            } else if (word.startsWith(PARAMETER + "=")) {
                shown.add(PARAMETER + "=" + name(word.substring(PARAMETER.length() + 1)) + "=…");
            } else {
                shown.add(word);
            }
            text = !text && word.equals(TEXT);
            parameter = !parameter && (word.equals("-p") || word.equals(PARAMETER));
        }
        return shown;
    }

    /** Returns the text before the first equals sign; empty for a word without one. */
    private static String name(String parameter) {
        return parameter.substring(0, Math.max(0, parameter.indexOf('=')));
    }

    /**
     * Waits as long as the caller stays connected. A caller that closes its sending side meanwhile counts as gone, even
     * if it still reads.
     */
    private static void during(Request request, Response response, Patience.Blocking wait) throws InterruptedException {
        try (var departure = Departure.interrupting(request)) {
            try {
                wait.await();
            } catch (InterruptedException e) {
                if (departure.happened()) {
                    throw new LeftException();
                }
                throw e;
            } finally {
                if (departure.overtaken()) {
                    response.getHeaders().put(HttpHeader.CONNECTION, HttpHeaderValue.CLOSE.asString());
                }
            }
        }
    }

    /** The exception for a caller that disconnected while it waited. */
    private static final class LeftException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static Fields query(String parameters) {
        var fields = new Fields();
        try {
            UrlEncoded.decodeUtf8To(parameters, fields);
            return fields;
        } catch (RuntimeException e) { // Jetty throws several kinds
            throw new ProblemException(Problem.usage("the query of the request is not percent-encoded UTF-8"));
        }
    }

    private Problem unknown(String path) {
        List<String> segments = List.of(path.substring(1).split("/", 2));
        String agent = segments.getFirst();
        String command = segments.size() < 2 ? "" : segments.get(1).replace('/', ':');
        List<String> subcommands = Verbs.subcommands(agent);
        if (!subcommands.isEmpty()) {
            return Problem.notFound(Verbs.unknown(agent, command, subcommands));
        }
        if (!router.hasAgent(agent) || Verbs.isBehindVerbs(agent)) {
            var agents = router.agents().stream()
                    .filter(name -> !Verbs.isBehindVerbs(name))
                    .toList();
            return Problem.notFound(Verbs.unknown(agent, agents));
        }
        return Problem.notFound(Verbs.unknown(agent, command, router.commands(agent)));
    }
}
