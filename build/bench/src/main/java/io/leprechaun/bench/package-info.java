/** The benchmark of the built tree beside its limits and peers. */
package io.leprechaun.bench;
