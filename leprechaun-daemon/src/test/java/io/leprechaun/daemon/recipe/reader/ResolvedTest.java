package io.leprechaun.daemon.recipe.reader;

import static org.assertj.core.api.Assertions.assertThat;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolvedTest {
    @TempDir
    private Path folder;

    /** Returns the values in force, by key: the value, and its place. */
    private Map<String, String> resolved(String settings, String recipe) throws IOException {
        Path file = Files.writeString(folder.resolve("leprechaun.yml"), settings);
        var problems = new Problems();
        var reader = RecipeReader.of(
                new SettingsReader(ZoneOffset.UTC, Map.of()).read(file, Trust.lenient(), problems), problems);
        var read = reader.read(new Origin(folder.resolve("backup.yml"), recipe, "hash"), problems);
        assertThat(problems.all()).isEmpty();
        List<Resolved> values = reader.resolved(read.orElseThrow());
        assertThat(values).extracting(Resolved::key).doesNotHaveDuplicates();
        return values.stream()
                .collect(Collectors.toMap(
                        Resolved::key,
                        value -> value.value()
                                + value.from()
                                        .map(place -> " @ " + place.file().getFileName() + ":" + place.line())
                                        .orElse("")));
    }

    @Test
    void each_value_has_the_place_that_decided() throws IOException {
        var values = resolved("""
            timezone: Europe/Berlin
            run_as: nobody
            defaults:
              timeout: 1h
              grace: 3s
              env: { A: all, B: all }
            agents:
              cron:
                timezone: Asia/Tokyo
                defaults: { grace: 5s, retry: { times: 2 } }
            """, """
            definition: cron
            pattern: '30 2 * * *'
            timeout: 5m
            env:
              B: own
            steps: [ 'true' ]
            """);
        assertThat(values)
                .containsEntry("pattern", "30 2 * * * @ backup.yml:2")
                .containsEntry("timeout", "5m @ backup.yml:3")
                .containsEntry("grace", "5s @ leprechaun.yml:10")
                .containsEntry("timezone", "Asia/Tokyo @ leprechaun.yml:9")
                .containsEntry("user", "nobody @ leprechaun.yml:2")
                .containsEntry("env.A", "all @ leprechaun.yml:6")
                .containsEntry("env.B", "own @ backup.yml:5")
                .containsEntry("linger", "leave")
                .hasEntrySatisfying(
                        "retry",
                        retry -> assertThat(retry).startsWith("2 times").endsWith("@ leprechaun.yml:10"));
    }

    @Test
    void another_agents_settings_decide_nothing() throws IOException {
        var values = resolved(
                "agents: { cron: { defaults: { grace: 5s } } }",
                "schedule: { min: 1 }\ndefinition: schedule\nsteps: [ 'true' ]\n");
        assertThat(values).containsEntry("grace", "10s").containsEntry("schedule", "1m @ backup.yml:1");
    }

    @Test
    void a_secret_is_told_by_where_it_lies() throws IOException {
        var values = resolved("", "secrets: { KEY: { env: THE_KEY } }\nsteps: [ 'true' ]\n");
        assertThat(values).containsEntry("secrets.KEY", "env THE_KEY @ backup.yml:1");
    }
}
