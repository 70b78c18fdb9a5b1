package io.leprechaun.daemon.http;

import io.leprechaun.api.Caller;
import io.leprechaun.api.Handler;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;

/** A way by which requests reach the API. It names their callers; {@link ApiHandler} compares access. */
interface Entrance {
    /**
     * Returns the caller of a request, with its access by this way.
     *
     * @param path the requested path, whether or not it has a handler
     * @throws ProblemException for a request that may not come by this way, whatever the path
     */
    Caller caller(Request request, String path);

    /**
     * Returns the answer to a caller that may not use a handler.
     *
     * @param path the path of the handler
     */
    ProblemException denied(Request request, Caller caller, Handler handler, String path);

    /** Returns a word for the way of a request, for the record of changes. */
    String way(Request request);

    /** Returns whether a caller may still read the answer to a request: its token may have been revoked. */
    boolean admits(Request request);

    /** Returns the number of requests that one caller may have at a time; empty: any. */
    OptionalInt mostOfOne();

    /**
     * Requires that the caller wanted a request that changes something, and no page of another site.
     *
     * @param form the parameters in the body of the request, as they were sent
     * @throws ProblemException otherwise
     */
    default void requireIntent(Request request, String form) {}

    /**
     * Requires that a stream is not read by a page of another site.
     *
     * @throws ProblemException otherwise
     */
    default void requireOwnReader(Request request) {}

    /**
     * Carries a change out, or returns the answer to the same change before, if the request has a key.
     *
     * @param parameters all parameters of the request, for comparison
     * @param form those in its body
     */
    default Reply once(Request request, String parameters, String form, Supplier<Reply> change) {
        return change.get();
    }
}
