package io.leprechaun.daemon.recipe.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.RecipeName;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.settings.Settings;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecipeFolderTest {
    @TempDir
    private Path temp;

    private Path folder;
    /** A clock long after every file was written: one look is enough at a start. */
    private final InstantSource later = () -> Instant.now().plus(Duration.ofDays(1));

    private RecipeFolder recipes;

    @BeforeEach
    void make() throws IOException {
        folder = Files.createDirectory(temp.resolve("recipes"));
        recipes = folder(later);
    }

    private RecipeFolder folder(InstantSource clock) {
        return new RecipeFolder(
                folder,
                RecipeReader.of(Settings.defaults(temp, ZoneId.of("UTC")), new Problems()),
                Trust::strict,
                clock);
    }

    private Path write(String file, String text) throws IOException {
        return Files.writeString(folder.resolve(file), text);
    }

    private static String recipe(String name, String command) {
        return "name: " + name + "\nsteps:\n- " + command + "\n";
    }

    /** Returns the book of two looks that agree. */
    private RecipeBook book() {
        return recipes.look(false).or(() -> recipes.look(false)).orElseThrow();
    }

    private static List<String> inForce(RecipeBook book) {
        return book.recipes().stream()
                .map(r -> r.name() + "=" + r.steps().getFirst().action().text())
                .toList();
    }

    private static List<String> broken(RecipeBook book) {
        return book.broken().stream()
                .map(e -> e.name() + ": " + e.problem().orElseThrow().message())
                .toList();
    }

    @Test
    void loads_recipes_and_nothing_else() throws IOException {
        write("a.yml", recipe("a", "pwd"));
        write("b.yaml", "steps: [ls]");
        for (String other :
                List.of(".c.yml", ".d.yml.swp", "e.yml~", "#f.yml#", "g.yml.rpmsave", "h.txt", "i.yml.bak", "README")) {
            write(other, recipe("other", "false"));
        }
        Files.createDirectory(folder.resolve("folder.yml"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("a=pwd", "b=ls");
        assertThat(book.entries()).hasSize(2);
        assertThat(book.warning()).isEmpty();
        assertThat(book.recipe(new RecipeName("b")).orElseThrow().origin())
                .isEqualTo(new Origin(
                        folder.resolve("b.yaml"),
                        "steps: [ls]",
                        "a5ff9a42ba5d9ad846ccdf1312b325ef61d28870ad2f6e78f1e23a038c3e73a4"));
    }

    @Test
    void an_edit_an_addition_and_a_deletion_take_effect() throws IOException {
        write("a.yml", recipe("a", "one"));
        write("b.yml", recipe("b", "one"));
        book();

        write("a.yml", recipe("a", "two"));
        write("c.yml", recipe("c", "new"));
        Files.delete(folder.resolve("b.yml"));

        assertThat(inForce(book())).containsExactly("a=two", "c=new");
    }

    @Test
    void a_folder_that_stays_as_it_is_gives_one_book_until_something_changes() throws IOException {
        write("a.yml", recipe("a", "pwd"));
        RecipeBook second = Stream.generate(this::book).limit(2).toList().getLast();
        assertThat(book()).isSameAs(second).isSameAs(book());
        write("a.yml", recipe("a", "ls -l"));
        assertThat(recipes.look(false)).as("it may be half-written").isEmpty();
        assertThat(inForce(book())).containsExactly("a=ls -l");
        Files.delete(folder.resolve("a.yml"));
        assertThat(inForce(book())).isEmpty();
    }

    @Test
    void a_broken_file_keeps_its_last_good_version() throws IOException {
        write("a.yml", recipe("a", "good"));
        RecipeBook before = book();

        write("a.yml", "name: a\nstepz:\n- bad\n");
        RecipeBook after = book();

        assertThat(inForce(after)).containsExactly("a=good");
        assertThat(after.recipes().getFirst()).isSameAs(before.recipes().getFirst());
        assertThat(broken(after))
                .containsExactly("a: missing steps; add commands under `steps:`, one a line after `- `");

        write("a.yml", recipe("a", "mended"));
        assertThat(inForce(book())).containsExactly("a=mended");
    }

    @Test
    void a_recipe_that_is_broken_at_the_start_is_not_in_force() throws IOException {
        write("a.yml", "steps: [");
        write("b.yml", recipe("b", "fine"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("b=fine");
        assertThat(book.broken()).extracting(RecipeBook.BookEntry::name).containsExactly("a");
    }

    @Test
    void of_two_files_with_one_name_the_first_by_path_is_taken_at_a_start() throws IOException {
        write("b.yml", recipe("x", "b"));
        write("a.yml", recipe("x", "a"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("x=a");
        assertThat(broken(book))
                .containsExactly("x: the name 'x' is already used by " + folder.resolve("a.yml")
                        + "; change it there, or in " + folder.resolve("b.yml"));
        assertThat(book.entry("x").orElseThrow().file()).isEqualTo(folder.resolve("a.yml"));
    }

    @Test
    void of_two_files_with_one_name_the_loaded_one_stays() throws IOException {
        write("b.yml", recipe("x", "b"));
        book();
        write("a.yml", recipe("x", "a"));
        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("x=b");
        assertThat(book.broken()).extracting(RecipeBook.BookEntry::file).containsExactly(folder.resolve("a.yml"));

        Files.delete(folder.resolve("b.yml"));
        assertThat(inForce(book())).containsExactly("x=a");
    }

    @Test
    void a_loaded_one_stays_even_while_its_file_is_broken() throws IOException {
        write("b.yml", recipe("x", "b"));
        book();
        write("b.yml", "name: x\nsteps:");
        write("a.yml", recipe("x", "a"));

        assertThat(inForce(book())).containsExactly("x=b");
    }

    @Test
    void two_hooks_do_not_share_an_id() throws IOException {
        write("a.yml", "definition: hook\nid: 0123456789\nsteps: [a]");
        write("b.yml", "definition: hook\nid: 0123456789\nsteps: [b]");

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("a=a");
        assertThat(broken(book))
                .singleElement()
                .asString()
                .contains("b: the hook id is already used by " + folder.resolve("a.yml"));
    }

    @Test
    void a_name_that_an_edit_takes_away_is_kept_by_its_owner() throws IOException {
        write("a.yml", recipe("x", "a"));
        write("b.yml", recipe("y", "b"));
        book();
        write("a.yml", recipe("y", "a"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("x=a", "y=b");
        assertThat(book.broken()).extracting(RecipeBook.BookEntry::name).containsExactly("x");
    }

    @Test
    void names_can_be_swapped() throws IOException {
        write("a.yml", recipe("x", "a"));
        write("b.yml", recipe("y", "b"));
        book();
        write("a.yml", recipe("y", "a"));
        write("b.yml", recipe("x", "b"));

        assertThat(inForce(book())).containsExactly("y=a", "x=b");
    }

    @Test
    void a_renamed_file_is_the_same_recipe() throws IOException {
        write("a.yml", recipe("x", "same"));
        book();
        Files.move(folder.resolve("a.yml"), folder.resolve("z.yml"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("x=same");
        assertThat(book.broken()).isEmpty();
        assertThat(book.entry("x").orElseThrow().file()).isEqualTo(folder.resolve("z.yml"));
    }

    @Test
    void nothing_is_taken_while_something_is_written() throws IOException {
        write("a.yml", recipe("a", "one"));
        book();

        write("a.yml", "name: a\nsteps:\n- half");
        assertThat(recipes.look(false)).isEmpty();
        write("a.yml", recipe("a", "half and whole"));
        assertThat(recipes.look(false)).isEmpty();

        assertThat(recipes.look(false).map(RecipeFolderTest::inForce)).contains(List.of("a=half and whole"));
    }

    @Test
    void patience_ends_and_what_has_settled_is_taken() throws IOException {
        write("restless.yml", recipe("restless", "one"));
        write("calm.yml", recipe("calm", "one"));
        book();

        write("restless.yml", recipe("restless", "half"));
        write("calm.yml", recipe("calm", "two"));
        recipes.look(false);
        write("restless.yml", recipe("restless", "still half"));

        assertThat(recipes.look(true).map(RecipeFolderTest::inForce)).contains(List.of("calm=two", "restless=one"));
        assertThat(inForce(book())).containsExactly("calm=two", "restless=still half");
    }

    @Test
    void a_file_written_just_before_the_start_needs_two_looks() throws IOException {
        write("a.yml", recipe("a", "one"));
        recipes = folder(InstantSource.system());

        assertThat(recipes.look(false)).isEmpty();
        assertThat(recipes.look(false).map(RecipeFolderTest::inForce)).contains(List.of("a=one"));
    }

    @Test
    void a_touched_file_is_the_same_version() throws IOException {
        Path file = write("a.yml", recipe("a", "one"));
        RecipeBook before = book();
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        assertThat(book()).isEqualTo(before);
    }

    @Test
    void a_new_version_with_the_old_size_and_time_is_seen() throws IOException {
        Path file = write("a.yml", recipe("a", "one"));
        FileTime time = Files.getLastModifiedTime(file);
        book();
        write("a.yml", recipe("a", "two"));
        Files.setLastModifiedTime(file, time);

        assertThat(inForce(book())).containsExactly("a=two");
    }

    @Test
    void a_link_is_followed_and_a_swapped_one_is_seen() throws IOException {
        Path one = Files.writeString(temp.resolve("one"), recipe("a", "one"));
        Path two = Files.writeString(temp.resolve("two"), recipe("a", "two"));
        Path link = folder.resolve("a.yml");
        Files.createSymbolicLink(link, one);
        assertThat(inForce(book())).containsExactly("a=one");

        Path swap = Files.createSymbolicLink(folder.resolve(".swap"), two);
        Files.move(swap, link, StandardCopyOption.ATOMIC_MOVE);
        assertThat(inForce(book())).containsExactly("a=two");

        Files.delete(two);
        RecipeBook book = book();
        assertThat(inForce(book)).containsExactly("a=two");
        assertThat(broken(book)).singleElement().asString().startsWith("a: broken symbolic link");
    }

    @Test
    void a_file_that_may_not_be_read_keeps_its_last_good_version() throws IOException {
        Path file = write("a.yml", recipe("a", "one"));
        book();
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
        assumeFalse(Files.isReadable(file), "root reads everything");

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("a=one");
        assertThat(broken(book)).singleElement().asString().contains("cannot read the file: share it with a group of");
    }

    @Test
    void a_missing_folder_is_said_and_picked_up_when_it_appears() throws IOException {
        Files.delete(folder);
        RecipeBook missing = book();
        assertThat(missing.entries()).isEmpty();
        assertThat(missing.warning()).contains("the recipes folder " + folder + " does not exist; create it");

        Files.createDirectory(folder);
        write("a.yml", recipe("a", "one"));
        RecipeBook there = book();
        assertThat(inForce(there)).containsExactly("a=one");
        assertThat(there.warning()).isEmpty();
    }

    @Test
    void a_folder_that_goes_away_removes_no_recipe() throws IOException {
        write("a.yml", recipe("a", "one"));
        book();
        Files.move(folder, temp.resolve("aside"));
        RecipeBook missing = book();
        assertThat(inForce(missing)).containsExactly("a=one");
        assertThat(missing.warning())
                .contains("the recipes folder " + folder
                        + " does not exist; mount it, or create it: until then no recipe counts as removed");

        Files.createDirectory(folder);
        RecipeBook empty = book();
        assertThat(inForce(empty)).containsExactly("a=one");
        assertThat(empty.warning().orElseThrow())
                .startsWith("the recipes folder " + folder + " is empty, and had recipes before; ");

        Files.delete(folder);
        Files.move(temp.resolve("aside"), folder);
        assertThat(book().warning()).isEmpty();
        Files.delete(folder.resolve("a.yml"));
        RecipeBook removed = book();
        assertThat(removed.entries())
                .as("the very folder that it was read from")
                .isEmpty();
        assertThat(removed.warning()).isEmpty();
    }

    @Test
    void an_empty_folder_is_taken_for_what_it_is_once_that_is_confirmed() throws IOException {
        write("a.yml", recipe("a", "one"));
        book();
        Files.move(folder, temp.resolve("aside"));
        recipes.confirm();
        assertThat(inForce(book())).as("a missing folder says nothing").containsExactly("a=one");
        Files.createDirectory(folder);
        assertThat(inForce(book())).containsExactly("a=one");
        recipes.confirm();
        RecipeBook confirmed = book();
        assertThat(confirmed.entries()).isEmpty();
        assertThat(confirmed.warning()).isEmpty();
    }

    @Test
    void at_a_start_an_empty_folder_that_should_not_be_is_warned_of_until_a_file_is_there() throws IOException {
        RecipeBook first = recipes.expect(book());
        assertThat(first.warning().orElseThrow()).contains(folder + " is empty", "daemon reload");
        assertThat(book().warning()).isEqualTo(first.warning());
        write("a.yml", recipe("a", "one"));
        assertThat(book().warning()).isEmpty();
        assertThat(recipes.expect(book()).warning()).isEmpty();
    }

    @Test
    void the_reason_why_a_recipe_is_missing_names_file_or_folder() throws IOException {
        Path file = write("a.yml", recipe("b", "one"));
        var b = book().recipes().getFirst();
        assertThat(book().missing(b)).isEmpty();
        Files.writeString(file, "name: c\nsteps: [ls]");
        assertThat(book().missing(b))
                .contains(new RecipeBook.Missing("its recipe file " + file + " contains another recipe", true));
        recipes = folder(later);
        Files.writeString(file, "name: b\nsteps: [ls]\nstops: x");
        assertThat(book().missing(b)).contains(new RecipeBook.Missing("its recipe is broken: " + file + ":3:1", false));
        write("d.yml", recipe("d", "one"));
        Files.delete(file);
        assertThat(book().missing(b))
                .contains(new RecipeBook.Missing("its recipe file " + file + " does not exist", true));
        Files.move(folder, temp.resolve("aside"));
        assertThat(book().missing(b))
                .contains(new RecipeBook.Missing("the recipes folder " + folder + " does not exist", false));
    }

    @Test
    void a_large_file_is_broken_and_stops_nobody() throws IOException {
        write("a.yml", "steps: ['" + "x".repeat(2_000_000) + "']");
        write("b.yml", recipe("b", "fine"));

        RecipeBook book = book();

        assertThat(inForce(book)).containsExactly("b=fine");
        assertThat(broken(book)).singleElement().asString().startsWith("a: the file is larger than 256 KiB");
    }
}
