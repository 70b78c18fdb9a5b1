package io.leprechaun.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The least cost of a JVM program here: it prints a line, on the tree's own runtime, with its own cache and the client's collector and compiler. */
final class Hello {
    private Hello() {}

    /** Builds the program, and returns the words that start it. */
    static List<String> command(Lab lab) throws IOException, InterruptedException {
        Path folder = lab.folder("hello");
        Path source = lab.file("hello/Hello.java", """
            class Hello {
                public static void main(String[] words) {
                    System.out.println("hello");
                }
            }
            """);
        String jdk = System.getProperty("java.home") + "/bin/";
        Path jar = folder.resolve("hello.jar");
        Path cache = folder.resolve("hello.aot");
        lab.run(jdk + "javac", source.toString());
        lab.run(jdk + "jar", "--create", "--file", jar.toString(), "-C", folder.toString(), "Hello.class");
        var train = new ArrayList<>(options(lab, jar));
        train.add(1, "-XX:AOTCacheOutput=" + cache);
        lab.run(Map.of(), train);
        var command = new ArrayList<>(options(lab, jar));
        command.add(1, "-XX:AOTCache=" + cache);
        return List.copyOf(command);
    }

    private static List<String> options(Lab lab, Path jar) {
        return List.of(
                lab.tree().resolve("lib/runtime/bin/java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-XX:-UsePerfData",
                "-Xms8m",
                "-Xmx64m",
                "-cp",
                jar.toString(),
                "Hello");
    }
}
