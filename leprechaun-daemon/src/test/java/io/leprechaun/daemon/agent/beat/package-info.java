@NullMarked
package io.leprechaun.daemon.agent.beat;

import org.jspecify.annotations.NullMarked;
