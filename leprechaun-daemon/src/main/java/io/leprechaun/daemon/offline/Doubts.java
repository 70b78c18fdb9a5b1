package io.leprechaun.daemon.offline;

import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.yaml.OddBlank;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The probable mistakes in a recipe that loads. Only {@code check} reports them: a daemon would repeat them at each
 * start.
 */
final class Doubts {
    private static final String SEPARATE = "each step has its own shell";

    private static final Map<Pattern, String> LOST = Map.of(
            Pattern.compile("(cd)(?:\\s+[^;&|\\s]+)?"),
            "the change of folder ends with the step, because " + SEPARATE + ": use `dir`",
            Pattern.compile("(?:export\\s+)?([A-Za-z_]\\w*)=(?:\"[^\"]*\"|'[^']*'|[^;&|\\s]*)"),
            "the variable ends with the step, because " + SEPARATE + ": use `env`",
            Pattern.compile("(\\.|source)\\s+[^;&|\\s]+"),
            "the settings of the file end with the step, because " + SEPARATE
                    + ": put it and the commands that need it into one step",
            Pattern.compile("(set|shopt|ulimit|umask|alias|trap)(?:\\s+[^;&|]+)?"),
            "it ends with the step, because " + SEPARATE + ": put it and the commands that need it into one step");

    private static final Pattern CRONTAB =
            Pattern.compile("(?:(?:[0-9*][0-9*,/-]*\\s+){5}|@(?:hourly|daily|weekly|monthly|yearly|reboot)\\s+)\\S.*");
    private static final Pattern TYPOGRAPHIC =
            Pattern.compile("[\u201c\u201d\u201e\u2018\u2019\u201a]|(?<=\\s)[\u2013\u2014](?=\\p{Alpha})");
    /** A quoted text. Possessive, so that long texts take no stack. */
    private static final Pattern QUOTED = Pattern.compile("'[^']*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);

    /** An escaped per cent sign, as in the format of a date in a crontab. */
    private static final Pattern PERCENT = Pattern.compile("\\\\%[A-Za-z]");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{?[A-Za-z_]|^~/");

    private Doubts() {}

    /** Returns the doubts, each a sentence with the remedy. */
    static List<String> of(Recipe recipe) {
        var doubts = new ArrayList<String>();
        recipe.trigger(Trigger.Cron.class).ifPresent(cron -> {
            for (String pattern : cron.text().split(", ", -1)) {
                eitherDay(pattern).ifPresent(doubts::add);
            }
        });
        unexpanded("env", recipe.surroundings().environment(), doubts);
        ofCrontabs(recipe, "env", recipe.surroundings().environment(), doubts);
        for (Step step : recipe.steps()) {
            String place = "step " + step.number() + ": ";
            unexpanded(place + "env", step.environment(), doubts);
            ofCrontabs(recipe, place + "env", step.environment(), doubts);
            if (step.action() instanceof Step.Action.Shell shell) {
                of(shell.text().strip()).ifPresent(doubt -> doubts.add(place + doubt));
            }
        }
        return doubts;
    }

    /**
     * Returns a doubt about a pattern with both day fields: by cron's rule either one matches, and many users expect
     * both to be required.
     */
    private static Optional<String> eitherDay(String pattern) {
        String[] fields = pattern.split("\\s+", -1);
        if (fields.length < 5) {
            return Optional.empty();
        }
        String day = fields[fields.length - 3];
        String weekday = fields[fields.length - 1];
        boolean both =
                !day.startsWith("*") && !day.startsWith("?") && !weekday.startsWith("*") && !weekday.startsWith("?");
        return both
                ? Optional.of("pattern: '" + pattern + "' is due on each day that matches the day field '" + day
                        + "' or the weekday field '" + weekday
                        + "'; for both at once, ask for the weekday in the first step")
                : Optional.empty();
    }

    private static void unexpanded(String place, Map<String, String> environment, List<String> doubts) {
        environment.forEach((name, value) -> {
            if (VARIABLE.matcher(value).find()) {
                doubts.add(place + "." + name + ": '" + value
                        + "' is not expanded; use the full value, or set it in the step");
            }
        });
    }

    /** Adds doubts about variables that have a meaning to cron but not here. */
    private static void ofCrontabs(Recipe recipe, String place, Map<String, String> environment, List<String> doubts) {
        String zone = "`timezone` sets the zone of the pattern";
        environment.forEach((name, value) -> {
            switch (name) {
                case "CRON_TZ" -> doubts.add(place + ".CRON_TZ: no effect, because " + zone);
                case "TZ" -> {
                    boolean other = !value.equals(recipe.surroundings().zone().getId());
                    if (other && recipe.trigger(Trigger.Cron.class).isPresent()) {
                        doubts.add(place + ".TZ: only for the steps, because " + zone);
                    }
                }
                case "MAILTO", "MAILFROM" -> doubts.add(place + "." + name + ": no effect; use `notify` to send mail");
                default -> {} // an ordinary variable
            }
        });
    }

    private static Optional<String> of(String text) {
        Optional<String> odd = OddBlank.in(QUOTED.matcher(text).replaceAll("''"));
        if (odd.isPresent()) {
            return Optional.of(odd.get() + " does not separate words in a shell; type a space");
        }
        Matcher typographic = TYPOGRAPHIC.matcher(text);
        if (typographic.find()) {
            return Optional.of("'" + typographic.group()
                    + "' is a typographic character, which a shell does not interpret; use \", ' or -");
        }
        if (CRONTAB.matcher(text).matches()) {
            return Optional.of("a line of a crontab; use `pattern` with `definition: cron` for the time");
        }
        if (PERCENT.matcher(text).find()) {
            return Optional.of("`\\%` is crontab syntax, where % begins a new line; use % alone");
        }
        return LOST.entrySet().stream()
                .flatMap(lost -> {
                    Matcher command = lost.getKey().matcher(text);
                    return command.matches()
                            ? Optional.of("`" + command.group(1) + "`: " + lost.getValue()).stream()
                            : Optional.<String>empty().stream();
                })
                .findFirst();
    }
}
