package io.leprechaun.daemon.command;

import io.leprechaun.api.Arguments;
import io.leprechaun.api.Call;
import io.leprechaun.api.ExitCode;
import io.leprechaun.api.Handler;
import io.leprechaun.api.Problem;
import io.leprechaun.api.ProblemException;
import io.leprechaun.api.Reply;
import io.leprechaun.api.text.Text;
import io.leprechaun.daemon.desk.NoticeTarget;
import io.leprechaun.daemon.desk.NoticeTarget.Sent;
import io.leprechaun.daemon.desk.NoticeTargets;
import io.leprechaun.daemon.history.Notice;
import io.leprechaun.daemon.history.Outbox;
import io.leprechaun.daemon.settings.notify.NoticeEvent;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The command {@code notify test}: sends a test notice at once, before any that wait. */
record NotifyTestCommand(NoticeTargets targets, InstantSource clock) implements Handler.Answer {
    @Override
    public Reply to(Arguments arguments, Call call) {
        if (targets.people().isEmpty()) {
            throw new ProblemException(Problem.refused(NoticeTargets.NOBODY));
        }
        String sentence = "test notice requested by " + call.caller().user();
        var notice = new Notice(0, NoticeEvent.TEST, new Notice.About.Alert(sentence, clock.instant()));
        var data = new ArrayList<Map<String, ?>>();
        var lines = new ArrayList<String>();
        boolean sent = true;
        for (NoticeTarget target : targets.people()) {
            Sent answer = target.send(notice);
            var one = new LinkedHashMap<String, @Nullable Object>();
            one.put("target", target.name());
            one.put("where", target.where());
            one.put("sent", answer.isTaken());
            one.put("why", answer.why().orElse(null));
            one.put(
                    "refused",
                    answer.refusals().stream().map(NotifyTestCommand::data).toList());
            data.add(one);
            lines.addAll(lines(target, answer));
            sent &= answer.isTaken();
        }
        return new Reply.Document(
                Map.of("targets", data),
                Text.lines(lines),
                targets.people().stream().map(NoticeTarget::name).toList(),
                sent ? ExitCode.OK : ExitCode.FAILED);
    }

    private static List<String> lines(NoticeTarget target, Sent sent) {
        if (sent.why().isPresent()) {
            return List.of(target.name() + ": not sent to " + target.where() + ": "
                    + sent.why().get());
        }
        var lines = new ArrayList<String>();
        lines.add(target.name() + ": accepted for " + target.where()
                + (sent.refusals().isEmpty() ? "" : ", except:"));
        sent.refusals()
                .forEach(refusal -> lines.add(target.name() + ": not accepted for " + refusal.address()
                        + (refusal.forGood() ? ": " : " now: ") + refusal.why()));
        return lines;
    }

    private static Map<String, ?> data(Outbox.Refusal refusal) {
        var data = new LinkedHashMap<String, Object>();
        data.put("to", refusal.address());
        data.put("for_good", refusal.forGood());
        data.put("why", refusal.why());
        return data;
    }
}
