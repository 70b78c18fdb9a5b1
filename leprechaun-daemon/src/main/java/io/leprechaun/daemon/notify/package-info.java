/**
 * Sends notices to the targets that the settings name, and to the addresses that recipes ping.
 *
 * <p>A notice is a row of the outbox, the table {@code notice}. The commit that ends a run writes it.
 * {@link io.leprechaun.daemon.history.NoticePolicy} decides on it there, by the recipe's row: failures in a row, the
 * last reported failure, and a mute. So no notice is lost in a crash, and none is decided on twice. A notice is about a
 * run, or has words of its own.
 *
 * <p>Each target has rows of its own and a {@link Notifier}, one thread, so a dead mail server delays nothing but mail.
 * {@code TargetSettings} lists the kinds of targets; {@code Targets} of {@code notify.delivery} creates a sender for
 * each, and one for pings. After a failure the notifier waits, from 5 seconds to 10 minutes ({@link Backoff}). It gives
 * up a notice after ten permanent refusals, or after five attempts without an answer. The remaining recipients of a
 * mail stand behind the target's name in {@code notice.target}, after blanks. Every mail of a notice has the same
 * Message-ID.
 *
 * <p>{@link SendThrottle} combines notices that come faster than people read, at the time of sending. A combination
 * that was stored would lose notices in a crash. Quiet hours delay messages for people, and pings keep the order of
 * their recipe.
 *
 * <p>{@link MessageWriter} composes the text. It adds the past of the recipe ({@link RunContextFinder}), queried when
 * the message is written, and an {@link OutputExcerpt}. No text of a recipe or step can end a header or control a
 * terminal.
 */
@NullMarked
package io.leprechaun.daemon.notify;

import org.jspecify.annotations.NullMarked;
