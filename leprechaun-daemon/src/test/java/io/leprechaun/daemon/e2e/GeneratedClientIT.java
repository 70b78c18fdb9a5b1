package io.leprechaun.daemon.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * A client that a public generator makes of the OpenAPI document: it compiles, and calls a live daemon. Without npm or
 * its registry the test is skipped; in continuous integration it fails.
 */
@Tag("proof")
@Timeout(400)
class GeneratedClientIT {
    private static final Pattern PORT = Pattern.compile("listening for API calls on [^ ]*:([0-9]+)");
    private static final String UNCHECKED = "that a generated client of the API works is not checked";
    private static final List<String> PACKAGES = List.of(
            "openapi-typescript@7.13.0",
            "openapi-fetch@0.17.0",
            "typescript@5.9.3",
            "@seriousme/openapi-schema-validator@2.11.0");

    /** A program whose marked lines must not compile, as they contradict the document. */
    private static final String PROGRAM = """
        import createClient from "openapi-fetch";
        import type { components, paths } from "./api.js";

        declare const process: { argv: string[] };
        const [address, token] = process.argv.slice(2);
        const client = createClient<paths, "application/json" | "application/problem+json">({
            baseUrl: address,
            headers: { Authorization: `Bearer ${token}` },
        });
        const ran = await client.POST("/book/run", { params: { query: { args: ["backup", "--wait"] } } });
        if (ran.error) throw new Error(ran.error.detail);
        const run: components["schemas"]["Run"] = ran.data.run;
        const shown = await client.GET("/api/v1/runs/{id}", { params: { path: { id: run.id } } });
        const due: string | null | undefined = shown.data?.run.due_at;
        // @ts-expect-error: no such member
        const colour = run.colour;
        // @ts-expect-error: no such route
        client.GET("/book/no-such-route");
        const unknown = await client.GET("/api/v1/recipes/{name}", { params: { path: { name: "none" } } });
        console.log(run.recipe, run.state, due, run.steps[0]?.command, unknown.error?.code, colour);
        """;

    @RegisterExtension
    private final Installation place = new Installation();

    /** Runs a program in the folder of the client, with the environment of the test. */
    private Installation.Ended run(String... words) throws IOException, InterruptedException {
        Path out = place.folder().resolve("client.out");
        var process = new ProcessBuilder(words)
                .directory(client().toFile())
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            boolean ended = process.waitFor(3, TimeUnit.MINUTES);
            return new Installation.Ended(ended ? process.exitValue() : -1, Installation.text(out), "");
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
    }

    private Path client() {
        return place.folder().resolve("client");
    }

    private String tool(String name) {
        return client().resolve("node_modules/.bin/" + name).toString();
    }

    private void install() throws IOException, InterruptedException {
        Tools.require(UNCHECKED, "node", "npm");
        Files.createDirectories(client());
        Files.writeString(client().resolve("package.json"), "{ \"type\": \"module\", \"private\": true }\n");
        var words = new ArrayList<>(List.of(
                "npm", "install", "--no-save", "--ignore-scripts", "--no-audit", "--no-fund", "--fetch-retries=1"));
        words.addAll(PACKAGES);
        var installed = run(words.toArray(String[]::new));
        if (installed.code() != 0 && !Boolean.parseBoolean(System.getenv("CI"))) {
            System.err.println("SKIPPED: " + UNCHECKED + ": npm cannot install its packages: " + installed.out());
            assumeTrue(false, "npm cannot install packages");
        }
        assertThat(installed.code()).as(installed.out()).isZero();
    }

    @Test
    void compiles_and_calls_the_daemon() throws Exception {
        install();
        place.settings("console: { open: always, listen: \"127.0.0.1:0\" }");
        var daemon = place.recipe("backup", "steps: [ 'echo saved' ]\n").start();
        Path document = Files.writeString(
                client().resolve("openapi.json"),
                daemon.api().send("GET", "/api/v1/openapi.json").body());
        Files.writeString(client().resolve("use.ts"), PROGRAM);

        var valid = run(tool("validate-api"), document.toString());
        assertThat(valid.code()).as(valid.out()).isZero();
        assertThat(valid.out()).contains("\"valid\": true");
        var generated = run(tool("openapi-typescript"), document.toString(), "-o", "api.d.ts");
        assertThat(generated.code()).as(generated.out()).isZero();
        var compiled = run(tool("tsc"), "--strict", "--target", "es2022", "--module", "nodenext", "use.ts");
        assertThat(compiled.code()).as(compiled.out()).isZero();

        Matcher port = PORT.matcher(daemon.log());
        assertThat(port.find()).as(daemon.log()).isTrue();
        String token = place.client("token", "new", "client", "--scope", "operate")
                .out()
                .strip();
        var called = run("node", "use.js", "http://127.0.0.1:" + port.group(1), token);
        assertThat(called.out()).isEqualTo("backup succeeded null echo saved 3 undefined\n");
    }
}
