import com.palantir.javaformat.java.Formatter;
import com.palantir.javaformat.java.FormatterException;
import com.palantir.javaformat.java.JavaFormatterOptions;
import com.palantir.javaformat.java.StringWrapper;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Checks, or applies, the layout of Java sources: {@code Format check|apply LIST}, where the file LIST names one source a
 * line. It does what palantir-java-format's own program does, and lays out Javadoc too, which that program cannot.
 */
final class Format {
    private static final int COLUMNS = 120;
    private static final Formatter FORMATTER = Formatter.createFormatter(JavaFormatterOptions.builder()
            .style(JavaFormatterOptions.Style.PALANTIR)
            .formatJavadoc(true)
            .build());

    private Format() {}

    public static void main(String[] arguments) throws Exception {
        boolean applies = arguments[0].equals("apply");
        boolean differs = false;
        for (String source : Files.readAllLines(Path.of(arguments[1]))) {
            Path file = Path.of(source);
            String text = Files.readString(file);
            String formatted;
            try {
                formatted = formatted(text);
            } catch (FormatterException e) {
                System.err.println(file + ": " + e.getMessage());
                differs = true;
                continue;
            }
            if (!formatted.equals(text) && applies) {
                Files.writeString(file, formatted);
            } else if (!formatted.equals(text)) {
                differs = true;
                System.out.println(file);
            }
        }
        System.exit(differs ? 1 : 0);
    }

    private static String formatted(String text) throws FormatterException {
        String formatted = FORMATTER.formatSourceAndFixImports(text);
        var wrapped = new StringBuilder(formatted);
        var texts = StringWrapper.getReflowReplacements(COLUMNS, formatted).asDescendingMapOfRanges();
        texts.forEach((range, lines) -> wrapped.replace(range.lowerEndpoint(), range.upperEndpoint(), lines));
        return texts.isEmpty() ? formatted : FORMATTER.formatSource(wrapped.toString());
    }
}
