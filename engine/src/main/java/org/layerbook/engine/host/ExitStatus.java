package org.layerbook.engine.host;

/** @param code 0..255; 128 + n when signal n ended the process */
public record ExitStatus(int code, boolean wasCancelled) {
    public static ExitStatus of(int code) {
        return new ExitStatus(code, false);
    }

    public static ExitStatus cancelled() {
        return new ExitStatus(130, true);
    }

    public boolean isSuccess() {
        return code == 0 && !wasCancelled;
    }
}
