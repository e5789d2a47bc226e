package org.layerbook.kernel;

/**
 * What the kernel tells whoever looks after it: on standard error, which a Jupyter server keeps in its log. Quiet unless
 * something was wrong; never on standard output.
 */
final class KernelLog {
    private KernelLog() {}

    static void warn(String what) {
        System.err.println("layerbook kernel: " + what);
    }

    static void warn(String what, Throwable cause) {
        warn(what + ": " + cause);
        if (System.getenv("LAYERBOOK_DEBUG") != null) {
            cause.printStackTrace();
        }
    }
}
