package io.leprechaun.daemon.recipe.reader;

import java.util.Map;

/**
 * Keys of other programs for which a recipe has other keys: cron, systemd, supervisor, GitHub Actions, GitLab,
 * Kubernetes, Ansible, Ofelia, pm2.
 */
final class ForeignKeys {
    private static final String CRON = "use `definition: cron`, and a pattern such as `pattern: \"30 2 * * *\"`";
    private static final String STEPS = "use `steps:`, with one command a line after `- `";
    private static final String OVERLAP = "use `overlap: skip`, queue, replace or parallel";

    /** The advice for each foreign key, by the key in small letters with {@code _}. */
    static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("cron", CRON),
            Map.entry("crontab", CRON),
            Map.entry("cron_expression", CRON),
            Map.entry("oncalendar", CRON),
            Map.entry("on", "use `definition:`, with `schedule`, `pattern` or `id`"),
            Map.entry("interval", "use `definition: schedule`, and an interval such as `schedule: { min: 10 }`"),
            Map.entry("jobs", "use one file for each job"),
            Map.entry("command", STEPS),
            Map.entry("commands", STEPS),
            Map.entry("cmd", STEPS),
            Map.entry("script", STEPS),
            Map.entry("exec", STEPS),
            Map.entry("execstart", STEPS),
            Map.entry("run", STEPS),
            Map.entry("tasks", STEPS),
            Map.entry("environment", "use `env:`"),
            Map.entry("variables", "use `env:`"),
            Map.entry("working_directory", "use `dir:`"),
            Map.entry("workingdirectory", "use `dir:`"),
            Map.entry("workdir", "use `dir:`"),
            Map.entry("directory", "use `dir:`"),
            Map.entry("cwd", "use `dir:`"),
            Map.entry("mailto", "use `notify: { mail: { to: … } }`"),
            Map.entry("retries", "use `retry`, such as `retry: { times: 3 }`"),
            Map.entry("max_retries", "use `retry`, such as `retry: { times: 3 }`"),
            Map.entry("restart", "use `retry`, such as `retry: { times: 3 }`: a recipe is not a service"),
            Map.entry("concurrency", OVERLAP),
            Map.entry("concurrencypolicy", OVERLAP),
            Map.entry("no_overlap", OVERLAP),
            Map.entry("tz", "use `timezone:`"),
            Map.entry("time_zone", "use `timezone:`"),
            Map.entry("cron_tz", "use `timezone:`"),
            Map.entry("needs", "use `after:`, with the recipes that must succeed before"),
            Map.entry("depends_on", "use `after:`, with the recipes that must succeed before"),
            Map.entry("requires", "use `after:`, with the recipes that must succeed before"),
            Map.entry("disabled", "use `enabled: false`"),
            Map.entry("suspend", "use `enabled: false`"),
            Map.entry("run_as", "use `user:`"),
            Map.entry("image", "remove it: steps run on this host"),
            Map.entry("runs_on", "remove it: steps run on this host"));

    private ForeignKeys() {}
}
