/**
 * The description of the API: the OpenAPI document and the page that is made of it.
 *
 * <p>The document is generated at build time from the list of verbs, so it is read as it is. The page is made of it at
 * the first request. A daemon whose description is never requested loads neither.
 */
@NullMarked
package io.leprechaun.daemon.http.description;

import org.jspecify.annotations.NullMarked;
