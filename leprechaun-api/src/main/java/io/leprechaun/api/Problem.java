package io.leprechaun.api;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a command was not done: the problem document of RFC 9457 with the client's exit code.
 *
 * @param status the HTTP status, 400 to 599
 * @param title what kind of problem, the same for each of its kind
 * @param detail one sentence: what was being done, to what, why not, and what to do about it
 * @param code what the client exits with
 */
public record Problem(int status, String title, String detail, ExitCode code) {
    /** The words or options are wrong. */
    public static Problem usage(String detail) {
        return new Problem(400, "Wrong usage", detail, ExitCode.USAGE);
    }

    /** There is no such agent, command, recipe or run. */
    public static Problem notFound(String detail) {
        return new Problem(404, "Not found", detail, ExitCode.NOT_FOUND);
    }

    /** A policy forbids it now. */
    public static Problem refused(String detail) {
        return new Problem(409, "Refused", detail, ExitCode.REFUSED);
    }

    /** The caller lacks the right. */
    public static Problem notPermitted(String detail) {
        return new Problem(403, "Not permitted", detail, ExitCode.NOT_PERMITTED);
    }

    /** A defect of the daemon. */
    public static Problem defect(String detail) {
        return new Problem(500, "Defect", detail, ExitCode.DEFECT);
    }

    /** The problem document's members in their order. */
    public Map<String, Object> document() {
        var document = new LinkedHashMap<String, Object>();
        document.put("title", title);
        document.put("status", status);
        document.put("detail", detail);
        document.put("code", code.number());
        return document;
    }
}
