package io.leprechaun.daemon.command.access;

import io.leprechaun.api.Access;
import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.TimeParser;
import io.leprechaun.daemon.session.ConsolePort;
import io.leprechaun.daemon.session.Grant;
import io.leprechaun.daemon.session.OneTimeLinks;
import io.leprechaun.daemon.token.Token;
import io.leprechaun.daemon.units.Durations;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The command {@code console}: opens the port of the console, and shows a link or a code for one login. */
record ConsoleCommand(ConsolePort port, OneTimeLinks links) implements Handler.Answer {
    private static final Duration USUAL_LIFE = Duration.ofHours(12);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final Duration LONGEST_OF_SCREEN = Duration.ofDays(365);
    private static final int HALF_CODE = 4;
    private static final int SSH = 22;
    /** The address and port of the ssh server, as the client knows them: the last two words of SSH_CONNECTION. */
    private static final Pattern SERVER = Pattern.compile("([0-9A-Za-z.:%_-]{1,64}) ([0-9]{1,5})");

    @Override
    public Reply to(Arguments arguments, Call call) {
        boolean screen = arguments.has("--screen");
        Access access = access(arguments, call, screen);
        Duration life = life(arguments, screen);
        URI address = port.open();
        boolean typed = arguments.has("--code");
        var grant = new Grant(call.caller().user(), access, life, typed ? "code" : "link");
        String secret = typed ? links.code(grant) : links.link(grant);
        String login = address + "/login";
        String shown = typed ? secret.substring(0, HALF_CODE) + "-" + secret.substring(HALF_CODE) : "";
        Optional<String> tunnel = arguments.value("--ssh").flatMap(server -> tunnel(server, address, call));
        var lines = new ArrayList<String>();
        tunnel.ifPresent(command -> lines.add("on the host of the browser, first: " + command));
        lines.add(typed ? login : login + "#" + secret);
        if (typed) {
            lines.add("code: " + shown);
        }
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("url", typed ? login : login + "#" + secret);
        data.put("code", typed ? shown : null);
        data.put("role", Token.word(access));
        data.put("valid", OneTimeLinks.LIFE.toSeconds());
        data.put("session", life.toSeconds());
        data.put("ssh", tunnel.orElse(null));
        return Reply.of(Map.of("console", data), Text.lines(lines), List.of(typed ? shown : login + "#" + secret))
                .with(() -> Optional.of("valid for " + OneTimeLinks.LIFE.toSeconds() + " s and for one login; role "
                        + Token.word(access) + ", for " + Durations.format(life)));
    }

    private static Access access(Arguments arguments, Call call, boolean screen) {
        Access most = call.caller().most();
        Optional<Access> asked = arguments.value("--role").map(ConsoleCommand::role);
        if (screen) {
            if (asked.filter(role -> role != Access.READ).isPresent()) {
                throw new ProblemException(Problem.usage("--screen only reads: leave --role out"));
            }
            return Access.READ;
        }
        if (asked.filter(role -> role.compareTo(most) > 0).isPresent()) {
            throw new ProblemException(Problem.notPermitted("permission denied: your own role is " + Token.word(most)
                    + ": use --role " + Token.word(most) + ", or leave it out"));
        }
        return asked.orElse(most.compareTo(Access.CHANGE) < 0 ? most : Access.CHANGE);
    }

    private static Access role(String word) {
        return switch (word) {
            case "read" -> Access.READ;
            case "operate" -> Access.CHANGE;
            case "admin", "administer" -> Access.ADMINISTER;
            default ->
                throw new ProblemException(Problem.usage("invalid role '" + word + "': use read, operate or admin"));
        };
    }

    private static Duration life(Arguments arguments, boolean screen) {
        Duration life = arguments.value("--for").map(TimeParser::duration).orElse(USUAL_LIFE);
        Duration most = screen ? LONGEST_OF_SCREEN : LONGEST;
        if (life.isZero() || life.compareTo(most) > 0) {
            throw new ProblemException(Problem.usage("invalid duration '"
                    + arguments.value("--for").orElse("") + "': use 1s to " + most.toDays() + "d"
                    + (screen ? "" : ", or --screen for a session that only reads")));
        }
        return life;
    }

    /** Returns the command by which the browser of another host reaches a port on a loopback address of this one. */
    private static Optional<String> tunnel(String connection, URI address, Call call) {
        Matcher server = SERVER.matcher(connection);
        boolean here =
                address.getHost().equals("localhost") || address.getHost().matches("127\\..*|\\[::1]");
        if (!server.matches() || !here || !call.caller().user().matches("[A-Za-z0-9._][A-Za-z0-9._-]*")) {
            return Optional.empty();
        }
        String other = Integer.parseInt(server.group(2)) == SSH ? "" : "-p " + server.group(2) + " ";
        return Optional.of("ssh -L " + address.getPort() + ":" + address.getHost() + ":" + address.getPort() + " "
                + other + call.caller().user() + "@" + server.group(1));
    }
}
