package io.leprechaun.api;

import io.leprechaun.api.text.Printable;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of commands to routes and back: {@code AGENT COMMAND ARGS…} is {@code /AGENT/COMMAND?args=…&args=…}, where
 * each {@code :} of the command is a {@code /}.
 */
public final class Resolver {
    private static final String UNRESERVED = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private Resolver() {}

    /**
     * Returns the path and query of a command, percent-encoded UTF-8 (RFC 3986).
     *
     * @throws ProblemException (usage) when the agent or the command is not a valid path segment
     */
    public static String route(Command command) {
        var route = new StringBuilder();
        for (String segment :
                path(command.agent(), command.command()).substring(1).split("/", -1)) {
            encode(segment, route.append('/'));
        }
        char separator = '?';
        for (String argument : command.arguments()) {
            encode(argument, route.append(separator).append("args="));
            separator = '&';
        }
        return route.toString();
    }

    /**
     * Returns the path of an agent's command, not encoded: {@code /scheduler/workers/list} for {@code workers:list}.
     *
     * @throws ProblemException (usage) when a segment is blank, a dot segment, or contains a slash, a backslash or a
     *     control character
     */
    public static String path(String agent, String command) {
        var path = new StringBuilder("/").append(segment(agent, "agent"));
        for (String part : command.split(":", -1)) {
            path.append('/').append(segment(part, "command"));
        }
        return path.toString();
    }

    /**
     * Returns all values of {@code args} in a query, decoded, in their order; other parameters are ignored.
     *
     * @param rawQuery the query as it was sent, without the question mark; null when there is none
     * @throws ProblemException (usage) for an invalid escape, or bytes that are not UTF-8
     */
    public static List<String> arguments(@Nullable String rawQuery) {
        var arguments = new ArrayList<String>();
        if (rawQuery != null) {
            for (String parameter : rawQuery.split("&", -1)) {
                if (parameter.startsWith("args=")) {
                    arguments.add(decode(parameter.substring("args=".length())));
                }
            }
        }
        return List.copyOf(arguments);
    }

    private static String segment(String segment, String what) {
        boolean legal = !segment.isBlank()
                && !segment.equals(".")
                && !segment.equals("..")
                && segment.chars().noneMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
        if (!legal) {
            String part = what.equals("agent") ? "invalid agent '" : "invalid command part '";
            throw new ProblemException(Problem.usage(part + Printable.of(segment)
                    + "': use a name, with : between the parts of a command, as in workers:list"));
        }
        return segment;
    }

    private static void encode(String text, StringBuilder out) {
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (UNRESERVED.indexOf(octet) >= 0) {
                out.append((char) octet);
            } else {
                HEX.toHexDigits(out.append('%'), octet);
            }
        }
    }

    private static String decode(String encoded) {
        byte[] octets = encoded.getBytes(StandardCharsets.UTF_8);
        ByteBuffer decoded = ByteBuffer.allocate(octets.length);
        for (int i = 0; i < octets.length; i++) {
            if (octets[i] == '+') {
                decoded.put((byte) ' ');
            } else if (octets[i] != '%') {
                decoded.put(octets[i]);
            } else if (i + 2 < octets.length
                    && HexFormat.isHexDigit(octets[i + 1])
                    && HexFormat.isHexDigit(octets[i + 2])) {
                decoded.put(
                        (byte) (HexFormat.fromHexDigit(octets[i + 1]) << 4 | HexFormat.fromHexDigit(octets[i + 2])));
                i += 2;
            } else {
                throw badEscape(encoded);
            }
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(decoded.flip()).toString();
        } catch (CharacterCodingException _) {
            throw badEscape(encoded);
        }
    }

    private static ProblemException badEscape(String encoded) {
        return new ProblemException(
                Problem.usage("invalid argument '" + Printable.of(encoded) + "': use percent-encoded UTF-8"));
    }
}
