package io.leprechaun.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The reason that a command was not carried out: the problem document of RFC 9457 with the client's exit code.
 *
 * @param status the HTTP status, 400 to 599
 * @param title the kind of the problem, the same for all of one kind
 * @param detail one sentence: the action, its object, the reason and the remedy
 * @param code the client's exit code
 * @param more further members of the document, with values as in {@link Reply.Document}
 */
public record Problem(int status, String title, String detail, ExitCode code, Map<String, ?> more) {
    /** Creates a problem without further members. */
    public Problem(int status, String title, String detail, ExitCode code) {
        this(status, title, detail, code, Map.of());
    }

    /** Returns a problem: the words or options are wrong. */
    public static Problem usage(String detail) {
        return new Problem(400, "Wrong usage", detail, ExitCode.USAGE);
    }

    /** Returns a problem: there is no such agent, command, recipe or run. */
    public static Problem notFound(String detail) {
        return new Problem(404, "Not found", detail, ExitCode.NOT_FOUND);
    }

    /** Returns a problem: a policy forbids the command now. */
    public static Problem refused(String detail) {
        return new Problem(409, "Refused", detail, ExitCode.REFUSED);
    }

    /** Returns a problem: the caller lacks the permission. */
    public static Problem notPermitted(String detail) {
        return new Problem(403, "Not permitted", detail, ExitCode.NOT_PERMITTED);
    }

    /** Returns a problem: a defect of the daemon. */
    public static Problem defect(String detail) {
        return new Problem(500, "Defect", detail, ExitCode.DEFECT);
    }

    /** Returns the members of the problem document in their order. */
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("title", title);
        document.put("status", status);
        document.put("detail", detail);
        document.put("code", code.number());
        document.putAll(more);
        return document;
    }
}
