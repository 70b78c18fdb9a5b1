package io.leprechaun.daemon.offline;

import io.leprechaun.api.ExitCode;
import io.leprechaun.api.text.Printable;
import io.leprechaun.daemon.output.OutputFolder;
import io.leprechaun.daemon.recipe.Origin;
import io.leprechaun.daemon.recipe.reader.RecipeReader;
import io.leprechaun.daemon.store.Verification;
import io.leprechaun.daemon.store.Verification.Report;
import io.leprechaun.daemon.yaml.Problems;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/** The verification of a store: {@code verify [COPY]}. */
record Verify(RecipeReader reader, PrintStream out, PrintStream err) {
    /**
     * Verifies a store, and prints the findings.
     *
     * @param outputs the folder of its runs' output; empty for a copy
     * @return the exit code: 0 no findings, 1 findings
     */
    public int run(Path store, Optional<OutputFolder> outputs, boolean json) {
        var report = Verification.of(
                store,
                outputs,
                (hash, version) ->
                        reader.read(new Origin(Path.of(version.file()), version.text(), hash), new Problems()));
        if (json) {
            out.println(JsonMapper.shared().writeValueAsString(Map.of("verification", document(store, report))));
        } else {
            report.findings().forEach(found -> out.println(found.check() + ": " + Printable.of(found.what())));
            (report.findings().isEmpty() ? out : err).println(Printable.of(store.toString()) + ": " + sum(report));
        }
        return (report.findings().isEmpty() ? ExitCode.OK : ExitCode.FAILED).number();
    }

    private static String sum(Report report) {
        String records = report.runs() + (report.runs() == 1 ? " record, " : " records, ") + report.unfinished()
                + " of them unfinished; ";
        return records
                + switch (report.findings().size()) {
                    case 0 -> "no problems";
                    case 1 -> "1 problem";
                    default -> report.findings().size() + " problems";
                };
    }

    private static Map<String, ?> document(Path store, Report report) {
        var document = new LinkedHashMap<String, Object>();
        document.put("store", store.toString());
        document.put("runs", report.runs());
        document.put("unfinished", report.unfinished());
        document.put(
                "findings",
                report.findings().stream()
                        .map(found -> Map.of("check", found.check(), "what", found.what()))
                        .toList());
        return document;
    }
}
