/**
 * The rules for a webhook that triggers a recipe: its senders, its contents, and the parameters for the steps. Knows no
 * HTTP server: the same gate works without one, for {@code hook test}.
 *
 * <p>{@link Gate} checks a {@link Delivery} in a fixed order: address, proof of a secret, method, rules, parameters. A
 * hook that does not exist is refused on the same path, against a secret that no sender has. So neither the answer nor
 * its time shows which hooks exist. The answer has the same words for all refusals; the log has the reason.
 *
 * <ul>
 *   <li>{@link Auth} and {@link Scheme} describe the proof: which secrets count, and which text a signature covers.
 *   <li>{@link DeliveryKeys} name a delivery, so that a repetition starts nothing. Where the body alone is signed, it
 *       is a second name beside the sender's id.
 *   <li>{@link Rule} uses patterns of RE2, whose time is in proportion to the text: the sender chooses that text.
 *   <li>{@link JsonPaths} reads a body by a streaming parser, at the paths that the policy names. {@link JsonNames}
 *       finds names that occur twice, in eight bytes a name.
 *   <li>{@link Texts} and {@link SenderText} refuse bytes that a step could not get unchanged, and show a sender's text
 *       safely.
 * </ul>
 *
 * <p>A delivery that the rules refuse is recorded without its content. Otherwise each would be a record of its own,
 * chosen by the sender. Whether a secret is empty is checked by {@code check} and at each delivery, not when a recipe
 * is read. So a recipe stays in force while an operator changes its secret.
 */
@NullMarked
package io.leprechaun.daemon.hook;

import org.jspecify.annotations.NullMarked;
