package io.leprechaun.prose;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.BinaryTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/** The texts in the programs' sources that people read, found by the compiler's own parser. */
final class Messages {
    /** Two words or more. */
    private static final Pattern WORDS = Pattern.compile("(?s).*\\p{L}[,;:.)'`]* \\(?\\p{L}.*");

    /** The beginnings of SQL in the only package that has it. */
    private static final Pattern SQL = Pattern.compile(
            "(?s)\\s*(select|insert|update|delete|create|drop|alter|pragma|with|and|or|where|from|begin|attach|vacuum|order"
                    + " by|group by|limit|on conflict|values|union|join|left join|exists|not exists|case|when) .*");

    /** Shell scripts, and the list of a shell's own commands. */
    private static final Pattern SCRIPT = Pattern.compile("(?s).*(;;|\\$\\{).*|\\. : \\[ .*");

    private Messages() {}

    /** The texts of each file, by its path below the packages' root, in their order. */
    static Map<String, List<String>> byFile() {
        var compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            List<Path> sources = Sources.java(false).sorted().toList();
            var task = (JavacTask) compiler.getTask(
                    null,
                    files,
                    problem -> {},
                    List.of("-proc:none"),
                    null,
                    files.getJavaFileObjectsFromPaths(sources));
            var found = new TreeMap<String, List<String>>();
            for (CompilationUnitTree unit : task.parse()) {
                String name = name(Path.of(unit.getSourceFile().toUri()));
                var texts = new Texts(name.startsWith("daemon/store/") ? SQL : SCRIPT);
                texts.scan(unit, null);
                if (!texts.found.isEmpty()) {
                    found.put(name, texts.found);
                }
            }
            return found;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path source) {
        return source.toString().replaceFirst(".*/io/leprechaun/", "").replaceFirst("\\.java$", "");
    }

    private static final class Texts extends TreeScanner<@Nullable Void, @Nullable Void> {
        private final List<String> found = new ArrayList<>();
        private final Pattern code;

        Texts(Pattern code) {
            this.code = code;
        }

        @Override
        public @Nullable Void visitBinary(BinaryTree tree, @Nullable Void none) {
            var text = new StringBuilder();
            var others = new ArrayList<Tree>();
            if (tree.getKind() == Tree.Kind.PLUS && append(tree, text, others)) {
                add(text.toString());
                others.forEach(other -> scan(other, null));
                return null;
            }
            return super.visitBinary(tree, none);
        }

        /** Appends a sum of texts, each other operand as a pair of braces; returns whether one is a text. */
        private static boolean append(ExpressionTree tree, StringBuilder text, List<Tree> others) {
            switch (tree) {
                case BinaryTree sum
                when sum.getKind() == Tree.Kind.PLUS -> {
                    boolean left = append(sum.getLeftOperand(), text, others);
                    return append(sum.getRightOperand(), text, others) || left;
                }
                case LiteralTree literal
                when literal.getValue() instanceof String part -> {
                    text.append(part);
                    return true;
                }
                case ParenthesizedTree inner
                when inner.getExpression() instanceof BinaryTree sum && sum.getKind() == Tree.Kind.PLUS -> {
                    return append(sum, text, others);
                }
                default -> {
                    text.append("{}");
                    others.add(tree);
                    return false;
                }
            }
        }

        @Override
        public @Nullable Void visitLiteral(LiteralTree tree, @Nullable Void none) {
            if (tree.getValue() instanceof String text) {
                add(text);
            }
            return null;
        }

        @Override
        public @Nullable Void visitAnnotation(AnnotationTree tree, @Nullable Void none) {
            return null;
        }

        @Override
        public @Nullable Void visitMethodInvocation(MethodInvocationTree tree, @Nullable Void none) {
            if (tree.getMethodSelect() instanceof MemberSelectTree method
                    && method.getExpression().toString().equals("Pattern")) {
                return null;
            }
            return super.visitMethodInvocation(tree, none);
        }

        private void add(String text) {
            if (WORDS.matcher(text).matches() && !code.matcher(text).matches()) {
                found.add(text.strip().replace("\r", "\\r").replace("\n", "\\n"));
            }
        }
    }
}
