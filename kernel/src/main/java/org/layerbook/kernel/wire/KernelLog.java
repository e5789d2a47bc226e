package org.layerbook.kernel.wire;

import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * What the kernel tells whoever looks after it: on standard error, which a Jupyter server keeps in its log. Quiet unless
 * something was wrong; never on standard output. Who sends nonsense without end does not fill a disk with it.
 */
public final class KernelLog {
    private static final int LINES = 100;
    private static final int LENGTH = 500;
    private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
    private static final long SPAN = TimeUnit.SECONDS.toNanos(10);

    /** The lines of the current span of time. */
    private static final class Budget {
        private long since = System.nanoTime();
        private int lines;
        private int left;

        private synchronized void print(String line) {
            long now = System.nanoTime();
            if (now - since > SPAN) {
                since = now;
                lines = 0;
            }
            if (lines == LINES) {
                left++;
                return;
            }
            lines++;
            if (left > 0) {
                System.err.println("layerbook kernel: " + left + " more like these");
                left = 0;
            }
            System.err.println("layerbook kernel: " + line);
        }
    }

    /** There is one standard error, whoever writes to it. */
    private static final Budget BUDGET = new Budget();

    private KernelLog() {}

    /** @param what may hold what a peer has sent */
    public static void warn(String what) {
        String held = what.length() > LENGTH ? what.substring(0, LENGTH) + " …" : what;
        BUDGET.print(CONTROL.matcher(held).replaceAll("?"));
    }

    public static void warn(String what, Throwable cause) {
        warn(what + ": " + cause);
        if (System.getenv("LAYERBOOK_DEBUG") != null) {
            cause.printStackTrace();
        }
    }
}
