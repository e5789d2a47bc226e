package org.layerbook.kernel;

/** A kernel process around the {@link EchoInterpreter}. */
public final class EchoMain {
    private EchoMain() {}

    public static void main(String[] args) {
        KernelMain.exit(KernelMain.run(args, EchoInterpreter::new));
    }
}
