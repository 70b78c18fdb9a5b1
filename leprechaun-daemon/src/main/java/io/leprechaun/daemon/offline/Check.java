package io.leprechaun.daemon.offline;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.text.Printable;
import io.leprechaun.api.text.Screen;
import io.leprechaun.api.text.Style;
import io.leprechaun.daemon.hook.Auth;
import io.leprechaun.daemon.hook.Scheme;
import io.leprechaun.daemon.output.Mask;
import io.leprechaun.daemon.posix.Self;
import io.leprechaun.daemon.posix.User;
import io.leprechaun.daemon.process.Shebang;
import io.leprechaun.daemon.recipe.Recipe;
import io.leprechaun.daemon.recipe.Step;
import io.leprechaun.daemon.recipe.Trigger;
import io.leprechaun.daemon.recipe.folder.Claims;
import io.leprechaun.daemon.recipe.folder.RecipeFolder;
import io.leprechaun.daemon.recipe.reader.Definitions;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.secret.SecretSource;
import io.leprechaun.daemon.settings.SettingsReader;
import io.leprechaun.daemon.startup.Loaded;
import io.leprechaun.daemon.trust.Trust;
import io.leprechaun.daemon.yaml.Place;
import io.leprechaun.daemon.yaml.Problem;
import io.leprechaun.daemon.yaml.Problems;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/** The check of recipes and settings without a daemon: {@code check [--json] [--from-original] [FILE|FOLDER…]}. */
public final class Check {
    private static final String USAGE = "usage: check [--json] [--from-original] [FILE|FOLDER...]";

    /** A program by its absolute path, without characters that are special to a shell. */
    private static final Pattern PROGRAM = Pattern.compile("/[\\w./:@%+,-]+");

    private final SettingsReader settingsReader;
    private final Optional<Path> settingsFile;
    private final Definitions definitions;
    private final RecipeReader recipeReader;
    private final Trust trust;
    private final Problems problems = new Problems();
    private final Printer printer;
    private int recipes;
    private boolean unreadable;
    private final boolean fromOriginal;
    private Optional<String> sameSettings = Optional.empty();

    private Check(Loaded loaded, Trust trust, boolean fromOriginal, Printer printer) {
        this.trust = trust;
        this.settingsReader = loaded.reader();
        this.settingsFile = loaded.settings().file();
        this.definitions = loaded.definitions();
        this.recipeReader = loaded.recipes();
        this.fromOriginal = fromOriginal;
        this.printer = printer;
    }

    /**
     * Checks the files, and every recipe in the folders. Without any, checks the settings' recipes folder, and reports
     * the settings' problems too.
     *
     * @param arguments the arguments of {@code check}; with {@code --from-original} a file that ends in {@code .ini} is
     *     a settings file of the Leprechaun written in Go
     * @param trust the trust required of files in the settings' recipes folder; other files, which may be meant for
     *     another host, are read with leniency
     * @param loaded the settings in force, whose defaults apply to the recipes
     * @param found the problems found in those settings
     * @return the exit code: 0 no errors, 1 errors, 2 a file that cannot be read
     * @throws ProblemException (usage) for a word that is not a path, or {@code --from-original} without a file
     */
    public static int run(Arguments arguments, Trust trust, Loaded loaded, Problems found, Printer printer) {
        boolean fromOriginal = arguments.has("--from-original");
        List<Path> paths = arguments.operands().stream().map(Check::file).toList();
        var check = new Check(loaded, paths.isEmpty() ? trust : Trust.lenient(), fromOriginal, printer);
        List<Problem> before = List.of();
        if (fromOriginal && paths.isEmpty()) {
            throw usage("--from-original needs a file, such as config.ini");
        }
        if (paths.isEmpty()) {
            before = found.all();
            check.path(loaded.settings().recipes());
        } else {
            paths.forEach(check::path);
        }
        return check.report(
                Stream.concat(before.stream(), check.problems.all().stream()).toList());
    }

    private static Path file(String word) {
        try {
            return Path.of(word);
        } catch (InvalidPathException e) {
            throw usage("invalid path '" + word + "'");
        }
    }

    private static ProblemException usage(String what) {
        return new ProblemException(io.leprechaun.api.Problem.usage(what + "; " + USAGE));
    }

    private void path(Path path) {
        if (Files.isDirectory(path)) {
            if (!Files.isReadable(path)) {
                cannotRead(path);
                return;
            }
            var claims = new Claims();
            var read = new LinkedHashMap<Path, Recipe>();
            RecipeFolder.almostFiles(path)
                    .forEach(file -> problems.warn(
                            Place.of(file), "not read as a recipe: use a name that ends in .yml or .yaml"));
            for (Path file : RecipeFolder.files(path)) {
                recipe(file, claims).ifPresent(recipe -> read.put(file, recipe));
            }
            read.forEach((file, recipe) ->
                    claims.missing(recipe).ifPresent(sentence -> problems.warn(Place.of(file), sentence)));
        } else if (!Files.isReadable(path)) {
            cannotRead(path);
        } else if (fromOriginal && path.toString().endsWith(".ini")) {
            original(path);
        } else if (isSettings(path)) {
            RecipeReader.of(settingsReader.read(path, trust, problems), definitions, problems);
        } else {
            var unused = recipe(path, new Claims());
        }
    }

    private void original(Path path) {
        var original = GoMigration.read(path, problems);
        sameSettings = Optional.of(original.settings());
        original.recipes().ifPresent(this::path);
    }

    private void cannotRead(Path path) {
        unreadable = true;
        String sentence = "no such file or folder, or permission denied; use another path";
        if (printer.json()) {
            problems.error(Place.of(path), sentence);
        } else {
            printer.err().println(Printable.of(path.toString()) + ": " + sentence);
        }
    }

    private boolean isSettings(Path file) {
        boolean named = String.valueOf(file.getFileName()).equals("leprechaun.yml");
        return named
                || settingsFile
                        .filter(settings -> settings.toAbsolutePath().equals(file.toAbsolutePath()))
                        .isPresent();
    }

    private Optional<Recipe> recipe(Path file, Claims claims) {
        recipes++;
        Optional<Recipe> recipe =
                RecipeFolder.origin(file, trust, problems).flatMap(origin -> recipeReader.read(origin, problems));
        recipe.ifPresent(read -> secrets(file, read));
        recipe.ifPresent(read -> scripts(file, read));
        recipe.ifPresent(read -> shortSecrets(file, read));
        recipe.ifPresent(read -> Doubts.of(read).forEach(doubt -> problems.warn(Place.of(file), doubt)));
        recipe.filter(read -> fromOriginal).ifPresent(read -> GoMigration.changes(file, read, problems));
        recipe.flatMap(claims::take).ifPresent(sentence -> problems.error(Place.of(file), sentence));
        return recipe;
    }

    /**
     * Checks the secret files of the hook. The reader of recipes does not: a recipe stays in force while its secret is
     * being changed.
     */
    private void secrets(Path file, Recipe recipe) {
        for (SecretSource source : recipe.trigger(Trigger.Hook.class)
                .flatMap(hook -> hook.policy().auth())
                .map(Auth::secrets)
                .orElse(List.of())) {
            if (source instanceof SecretSource.File(Path path)) {
                if (!Files.exists(path)) {
                    problems.warn(Place.of(file), "hook.auth: missing secret; " + source.fix());
                } else if (Files.isReadable(path)
                        && source.fetch(Map.of()).filter(Scheme::isKey).isEmpty()) {
                    problems.error(Place.of(file), "hook.auth: empty secret; " + source.fix());
                }
            }
        }
    }

    /**
     * Warns of programs that steps name by absolute path and that users other than the step's can change. Warns also of
     * scripts with DOS line ends or a byte order mark.
     */
    private void scripts(Path file, Recipe recipe) {
        User user = recipe.surroundings()
                .who()
                .named(Self.uid() == 0)
                .flatMap(User::named)
                .orElseGet(User::current);
        for (Step step : recipe.steps()) {
            Matcher program = PROGRAM.matcher(step.action().text());
            if (program.lookingAt()) {
                Path script = Path.of(program.group());
                Trust.lenient(user)
                        .distrust(script)
                        .or(() -> Files.isRegularFile(script)
                                ? Shebang.dosLines(script, script.toString())
                                        .or(() -> Shebang.byteOrderMark(script, script.toString()))
                                : Optional.empty())
                        .ifPresent(
                                sentence -> problems.warn(Place.of(file), "step " + step.number() + ": " + sentence));
            }
        }
    }

    /** Warns of short secrets, because their text is likely to occur, and be hidden, elsewhere in the output. */
    private void shortSecrets(Path file, Recipe recipe) {
        recipe.surroundings()
                .secrets()
                .forEach((name, source) -> source.fetch(Map.of())
                        .filter(secret -> secret.value().length() < Mask.SHORT)
                        .ifPresent(_ -> problems.warn(
                                Place.of(file),
                                "secrets." + name + ": the secret has fewer than " + Mask.SHORT
                                        + " characters, and masking it masks much of the output; use a longer one")));
    }

    private int report(List<Problem> all) {
        PrintStream out = printer.out();
        Screen screen = printer.screen();
        if (printer.json()) {
            var document = new LinkedHashMap<String, Object>();
            document.put("problems", all.stream().map(Check::document).toList());
            sameSettings.ifPresent(text -> document.put("settings", text));
            out.println(JsonMapper.shared().writeValueAsString(document));
        } else {
            var excerpt = new Excerpt(screen);
            for (Problem p : all) {
                String severity = (p.isError() ? Style.BAD : Style.WARN)
                        .paint(p.severity().toString(), screen);
                String place = Printable.of(p.file() + ":" + p.line() + ":" + p.column());
                out.println(place + ": " + severity + ": " + Printable.of(p.message()));
                out.print(excerpt.of(p));
            }
            sameSettings.ifPresent(text -> out.print("\n# equivalent leprechaun.yml:\n" + text));
            long errors = all.stream().filter(Problem::isError).count();
            String sum = count(errors, "error") + ", " + count(all.size() - errors, "warning");
            if (!unreadable) {
                (all.isEmpty() ? out : printer.err())
                        .println(count(recipes, "recipe") + ", " + (all.isEmpty() ? "no problems" : sum));
            }
        }
        if (unreadable) {
            return ExitCode.USAGE.number();
        }
        return (all.stream().anyMatch(Problem::isError) ? ExitCode.FAILED : ExitCode.OK).number();
    }

    private static String count(long n, String thing) {
        return n + " " + thing + (n == 1 ? "" : "s");
    }

    private static Map<String, Object> document(Problem problem) {
        var document = new LinkedHashMap<String, Object>();
        document.put("file", problem.file().toString());
        document.put("line", problem.line());
        document.put("column", problem.column());
        document.put("severity", problem.severity().toString());
        document.put("message", problem.message());
        return document;
    }
}
