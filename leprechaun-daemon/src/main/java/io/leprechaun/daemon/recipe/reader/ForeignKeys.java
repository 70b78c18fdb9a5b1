package io.leprechaun.daemon.recipe.reader;

import java.util.Map;

/**
 * Keys of other programs for which a recipe has other keys: cron, systemd, supervisor, GitHub Actions, GitLab,
 * Kubernetes, Ansible, Ofelia, pm2.
 */
final class ForeignKeys {
    private static final String CRON = "write `definition: cron`, and `pattern: \"30 2 * * *\"` for example";
    private static final String STEPS = "write commands under `steps:`, one a line behind `- `";
    private static final String OVERLAP = "write `overlap: skip`, queue, replace or parallel";

    /** The advice for each foreign key, by the key in small letters with {@code _}. */
    static final Map<String, String> ADVICE = Map.ofEntries(
            Map.entry("cron", CRON),
            Map.entry("crontab", CRON),
            Map.entry("cron_expression", CRON),
            Map.entry("oncalendar", CRON),
            Map.entry("on", "write `definition:`, with `schedule`, `pattern` or `id`"),
            Map.entry("interval", "write `definition: schedule`, and `schedule: { min: 10 }` for example"),
            Map.entry("jobs", "write each job into a file of its own"),
            Map.entry("command", STEPS),
            Map.entry("commands", STEPS),
            Map.entry("cmd", STEPS),
            Map.entry("script", STEPS),
            Map.entry("exec", STEPS),
            Map.entry("execstart", STEPS),
            Map.entry("run", STEPS),
            Map.entry("tasks", STEPS),
            Map.entry("environment", "write `env:`"),
            Map.entry("variables", "write `env:`"),
            Map.entry("working_directory", "write `dir:`"),
            Map.entry("workingdirectory", "write `dir:`"),
            Map.entry("workdir", "write `dir:`"),
            Map.entry("directory", "write `dir:`"),
            Map.entry("cwd", "write `dir:`"),
            Map.entry("mailto", "write `notify: { mail: { to: … } }`"),
            Map.entry("retries", "write `retry: { times: 3 }` for example"),
            Map.entry("max_retries", "write `retry: { times: 3 }` for example"),
            Map.entry("restart", "write `retry: { times: 3 }` for example: a recipe ends, and is no service"),
            Map.entry("concurrency", OVERLAP),
            Map.entry("concurrencypolicy", OVERLAP),
            Map.entry("no_overlap", OVERLAP),
            Map.entry("tz", "write `timezone:`"),
            Map.entry("time_zone", "write `timezone:`"),
            Map.entry("cron_tz", "write `timezone:`"),
            Map.entry("needs", "write `after:`, with the recipes that have to succeed before"),
            Map.entry("depends_on", "write `after:`, with the recipes that have to succeed before"),
            Map.entry("requires", "write `after:`, with the recipes that have to succeed before"),
            Map.entry("disabled", "write `enabled: false`"),
            Map.entry("suspend", "write `enabled: false`"),
            Map.entry("run_as", "write `user:`"),
            Map.entry("image", "remove it: steps run on this host"),
            Map.entry("runs_on", "remove it: steps run on this host"));

    private ForeignKeys() {}
}
