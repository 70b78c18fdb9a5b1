package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Style;
import io.leprechaun.daemon.body.Body;
import io.leprechaun.daemon.hook.Delivery;
import io.leprechaun.daemon.hook.Gate;
import io.leprechaun.daemon.hook.Gate.Verdict;
import io.leprechaun.daemon.hook.HookPolicy;
import io.leprechaun.daemon.hook.Keyring;
import io.leprechaun.daemon.hook.Rule;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Trigger;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The test of a hook, check by check, for {@code hook test}. Nothing runs. */
final class HookTest {
    private HookTest() {}

    /**
     * Checks a delivery against a recipe. The exit code is 1 if it would be refused.
     *
     * @param daemon the environment, which may contain secrets
     * @throws ProblemException (usage) where the recipe takes no hooks, or the options do not form a delivery
     */
    public static Reply answer(Recipe recipe, Arguments arguments, Map<String, String> daemon, Instant now) {
        HookPolicy policy = recipe.trigger(Trigger.Hook.class)
                .map(Trigger.Hook::policy)
                .orElseThrow(() -> new ProblemException(Problem.usage(
                        "the recipe " + recipe.name() + " accepts no hooks: add `definition: hook` and an `id`")));
        var delivery = delivery(arguments, now);
        var hearing = new Gate(new Keyring(daemon)).hearAll(policy, delivery);
        boolean passed = hearing.verdict() instanceof Verdict.Passed;
        return new Reply.Document(
                Map.of("hook", data(recipe, policy, hearing)),
                screen -> text(recipe, policy, hearing, screen),
                List.of(recipe.name().value()),
                passed ? ExitCode.OK : ExitCode.FAILED);
    }

    private static Delivery delivery(Arguments arguments, Instant now) {
        var headers = new HashMap<String, List<String>>();
        for (String option : List.of("--header", "-H")) {
            arguments.values(option).forEach(header -> header(header, headers));
        }
        byte[] body = arguments.value("--body").map(HookTest::body).orElseGet(() -> new byte[0]);
        String from = arguments.value("--from").orElse("127.0.0.1");
        try {
            return new Delivery(
                    arguments.value("--method").orElse("POST").toUpperCase(Locale.ROOT),
                    headers,
                    arguments.value("--query").map(HookTest::wire).orElse(""),
                    new Body.Held(body),
                    InetAddress.ofLiteral(from),
                    now);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.usage("invalid --from " + from + ": use an address, such as 192.0.2.7"));
        }
    }

    private static void header(String text, Map<String, List<String>> headers) {
        int colon = text.indexOf(':');
        if (colon < 1) {
            throw new ProblemException(
                    Problem.usage("invalid --header " + text + ": use NAME: VALUE, such as 'X-GitHub-Event: push'"));
        }
        String value = text.substring(colon + 1).strip();
        headers.computeIfAbsent(text.substring(0, colon).strip().toLowerCase(Locale.ROOT), _ -> new ArrayList<>())
                .add(wire(value));
    }

    /** Returns the UTF-8 bytes of a text, one character a byte. */
    private static String wire(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    private static byte[] body(String file) {
        try {
            byte[] body;
            if (file.equals("-")) {
                body = System.in.readNBytes(HookPolicy.LARGEST_BODY + 1);
            } else {
                try (InputStream in = Files.newInputStream(Path.of(file))) {
                    body = in.readNBytes(HookPolicy.LARGEST_BODY + 1);
                }
            }
            if (body.length > HookPolicy.LARGEST_BODY) {
                throw new ProblemException(
                        Problem.usage("--body " + file + ": larger than 8 MiB, the limit for hooks"));
            }
            return body;
        } catch (IOException | InvalidPathException e) {
            throw new ProblemException(
                    Problem.usage("--body " + file + ": no such file, or permission denied; use another file"));
        }
    }

    private static Map<String, ?> data(Recipe recipe, HookPolicy policy, Gate.Hearing hearing) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("recipe", recipe.name().value());
        switch (hearing.verdict()) {
            case Verdict.Passed passed -> {
                data.put("passed", true);
                data.put("status", 202);
                data.put("reason", null);
                data.put("parameters", passed.parameters());
                data.put("delivery", passed.delivery().id().orElse(null));
            }
            case Verdict.Refused refused -> {
                data.put("passed", false);
                data.put("status", refused.reason().status(policy));
                data.put("reason", refused.why());
                data.put("parameters", Map.of());
                data.put("delivery", null);
            }
        }
        data.put("asked", hearing.asked().stream().map(HookTest::data).toList());
        data.put("rule", hearing.rule().map(HookTest::data).orElse(null));
        return data;
    }

    private static Map<String, ?> data(Gate.Asked asked) {
        return Map.of("what", asked.what(), "passed", asked.passed(), "answer", asked.answer());
    }

    private static Map<String, ?> data(Rule.RuleResult finding) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("met", finding.met());
        data.put("what", finding.what());
        data.put("got", finding.got().orElse(null));
        data.put("parts", finding.parts().stream().map(HookTest::data).toList());
        return data;
    }

    private static String text(Recipe recipe, HookPolicy policy, Gate.Hearing hearing, Screen screen) {
        var out = new StringBuilder();
        for (Gate.Asked asked : hearing.asked()) {
            out.append(mark(asked.passed(), screen))
                    .append(String.format("%-9s ", asked.what()))
                    .append(Printable.of(asked.answer()))
                    .append('\n');
            if (asked.what().equals("rules")) {
                hearing.rule().ifPresent(finding -> rule(finding, 1, out, screen));
            }
        }
        String end = switch (hearing.verdict()) {
            case Verdict.Passed passed ->
                recipe.name() + " would run"
                        + passed.delivery()
                                .id()
                                .map(id -> ", once for the delivery " + Printable.of(id))
                                .orElse("");
            case Verdict.Refused refused ->
                recipe.name() + " would not run (" + refused.reason().status(policy) + "): "
                        + Printable.of(refused.why());
        };
        return out.append(end).append('\n').toString();
    }

    private static void rule(Rule.RuleResult finding, int depth, StringBuilder out, Screen screen) {
        out.repeat("    ", depth)
                .append(mark(finding.met(), screen))
                .append(Printable.of(finding.what()))
                .append(Printable.of(finding.got().map(got -> ": " + got).orElse("")))
                .append('\n');
        finding.parts().forEach(part -> rule(part, depth + 1, out, screen));
    }

    private static String mark(boolean passed, Screen screen) {
        return passed ? Style.GOOD.paint("ok", screen) + "  " : Style.BAD.paint("no", screen) + "  ";
    }
}
