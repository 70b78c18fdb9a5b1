package io.leprechaun.daemon.e2e;

import static io.leprechaun.daemon.e2e.Installation.eventually;
import static io.leprechaun.daemon.e2e.Installation.lines;
import static io.leprechaun.daemon.e2e.RunningDaemon.list;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.leprechaun.daemon.e2e.Witness.Event;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;

/** The due instants of recipes, on the built programs. */
@Tag("proof")
class InstantsIT {
    private static final Path ZONES = Path.of("/usr/share/zoneinfo");
    private static final int MANY = Integer.getInteger("leprechaun.at.once", 300);
    private static final DateTimeFormatter FIELDS =
            DateTimeFormatter.ofPattern("s m H d M").withZone(ZoneOffset.UTC);

    @RegisterExtension
    private final Installation place = new Installation();

    @Test
    void many_recipes_are_due_at_one_instant_each_once_and_none_early() throws Exception {
        Tools.require("that many recipes at one instant are each due is not checked", "bash");
        var witness = new Witness(place.folder());
        place.settings("workers: { max: 64, queue: 10000 }");
        RunningDaemon daemon = place.start();
        Instant due = dueTogether(witness);
        assertThat(list(place.json("next", "-n", String.valueOf(MANY)).get("next")))
                .allSatisfy(next ->
                        assertThat(Instant.parse(next.get("at").asString())).isEqualTo(due));
        Supplier<List<Witness.Line>> seen = () -> witness.seen().stream()
                .filter(line -> line.due().equals(Optional.of(due)))
                .toList();
        eventually(() -> assertThat(seen.get().stream().filter(line -> line.event() == Event.END))
                .hasSize(MANY));
        assertThat(seen.get())
                .allSatisfy(line -> assertThat(line.at()).isAfterOrEqualTo(due))
                .filteredOn(line -> line.event() == Event.BEGIN)
                .extracting(Witness.Line::recipe)
                .doesNotHaveDuplicates();
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    /** Makes the recipes due at one instant that comes after they are all in force. */
    private Instant dueTogether(Witness witness) throws Exception {
        for (int ahead = 15; ; ahead *= 2) {
            Instant due = Instant.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(ahead);
            for (int i = 0; i < MANY; i++) {
                place.recipe(
                        "many-" + i,
                        witness.recipe("definition: cron\npattern: '" + FIELDS.format(due) + " *'\n", ":"));
            }
            assertThat(place.client("daemon", "reload").code()).isZero();
            if (Instant.now().plusSeconds(ahead / 2).isBefore(due)) {
                return due;
            }
        }
    }

    @Test
    void a_boot_of_the_machine_makes_a_recipe_due_once() throws Exception {
        Tools.require("that @reboot is due once a boot is not checked", "sqlite3");
        place.recipe("boot", "definition: cron\npattern: ['@REBOOT', '0 0 1 1 *']\nsteps: [ 'echo up >> boots' ]\n");
        Path boots = place.work().resolve("boots");
        RunningDaemon daemon = place.start();
        eventually(() -> assertThat(lines(boots)).hasSize(1));
        assertThat(place.client("cron", "stop").code()).isZero();
        assertThat(place.client("cron", "start").code()).isZero();
        assertThat(daemon.stop()).isZero();
        daemon = place.start();
        assertThat(daemon.runs("boot")).hasSize(1);
        daemon.killHard();

        assertThat(new ProcessBuilder(
                                "sqlite3", place.state() + "/leprechaun.db", "update due set boot = 'an earlier one'")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
        daemon = place.start();
        eventually(() -> assertThat(lines(boots)).hasSize(2));
        assertThat(daemon.stop()).isZero();
        place.assertVerified();
    }

    @Test
    void next_tells_of_the_changes_of_the_clocks_in_words_without_a_daemon() throws Exception {
        assumeThat(ZONES.resolve("Europe/Berlin")).exists();
        var text = place.client(
                "next", "--pattern", "30 2 * * *", "--zone", "Europe/Berlin", "--from", "2026-03-28 12:00", "-n", "2");
        assertThat(text.code()).isZero();
        assertThat(text.out().lines().toList())
                .element(1)
                .asString()
                .contains("2026-03-29 03:00:00", "+02:00", "02:30 does not exist, runs at 03:00");
        assertThat(text.out()).contains("23h 30m");

        List<JsonNode> twice = list(place.json(
                        "next",
                        "--pattern",
                        "*/30 * * * *",
                        "--zone=Europe/Berlin",
                        "--from=2026-10-25T00:45:00Z",
                        "-n",
                        "2")
                .get("next"));
        assertThat(twice)
                .extracting(at -> at.get("at").asString())
                .containsExactly("2026-10-25T02:00:00+01:00", "2026-10-25T02:30:00+01:00");
        assertThat(twice.getFirst().get("note").asString()).isEqualTo("02:00 for the second time");

        assertThat(place.client("next", "--pattern", "61 * * * *").code()).isEqualTo(2);
        assertThat(place.client("next", "--pattern", "0 0 30 2 *").err())
                .isEqualTo("leprechaun: '0 0 30 2 *' is never due; check the day and the month\n");
        assertThat(place.client("next", "--pattern", "@daily", "--zone", "Europe/Berln")
                        .err())
                .isEqualTo("leprechaun: invalid time zone 'Europe/Berln': did you mean 'Europe/Berlin'?\n");
        assertThat(place.client("next", "--pattern", "@daily", "--zone", "UTC", "--across-dst")
                        .out())
                .isEqualTo("no change of the clocks within 40 years\n");
    }

    @Test
    void recipes_are_shown_around_the_changes_of_their_clocks() throws Exception {
        assumeThat(ZONES.resolve("Europe/Berlin")).exists();
        place.recipe("night", "definition: cron\npattern: '30 2 * * *'\ntimezone: Europe/Berlin\nsteps: [ 'true' ]\n")
                .recipe("day", "definition: cron\npattern: '0 12 * * *'\nsteps: [ 'true' ]\n")
                .recipe("often", "definition: schedule\nschedule: { min: 5 }\nsteps: [ 'true' ]\n");
        place.start();
        var across = list(
                place.json("next", "night", "day", "--across-dst", "-n", "4").get("next"));
        assertThat(across)
                .hasSize(8)
                .allSatisfy(at -> assertThat(at.get("recipe").asString()).isEqualTo("night"));
        assertThat(across.stream().map(at -> at.get("note").asString("")).filter(note -> !note.isEmpty()))
                .containsExactlyInAnyOrder(
                        "02:30 does not exist, runs at 03:00", "02:30 comes twice, runs the first time");
        assertThat(list(place.json("next", "often", "day", "-n", "50").get("next")))
                .extracting(at -> at.get("recipe").asString())
                .contains("often")
                .doesNotContain("night");
        assertThat(place.client("next", "nigth").code()).isEqualTo(3);
    }

    @Test
    void zones_are_those_of_the_host() throws Exception {
        assumeThat(ZONES.resolve("Asia/Tokyo")).exists();
        Path zones = Files.createDirectories(place.folder().resolve("zones"));
        Files.createDirectories(zones.resolve("Europe"));
        Files.copy(ZONES.resolve("UTC"), zones.resolve("UTC"));
        Files.copy(ZONES.resolve("Asia/Tokyo"), zones.resolve("Europe/Berlin")); // after a reform
        Files.writeString(zones.resolve("tzdata.zi"), "# version 2099z\n");
        List<String> ask = List.of("next", "--pattern", "0 9 * * *", "--zone", "Europe/Berlin", "-n", "1", "--json");
        assertThat(place.client(ask.toArray(String[]::new)).out()).doesNotContain("+09:00");
        place.environment().put("TZDIR", zones.toString());
        assertThat(place.client(ask.toArray(String[]::new)).out()).contains("T09:00:00+09:00");
        place.start();
        assertThat(place.json("daemon", "info").get("zone_data").asString()).isEqualTo("2099z of this host");

        place.environment().put("TZDIR", place.folder().resolve("nothing").toString());
        assertThat(place.client(ask.toArray(String[]::new)).code()).isZero();
    }
}
