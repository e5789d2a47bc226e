package org.layerbook.kernel;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.layerbook.kernel.wire.KernelLog;

/**
 * Signals of the operating system. Java's only interface to them, {@code sun.misc.Signal}, cannot be named in code that
 * compiles without warnings, so it is reached by reflection.
 */
final class Signals {
    private Signals() {}

    /** Runs {@code action} on a thread of its own whenever the signal comes, instead of what Java would do. */
    static void on(String name, Runnable action) {
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            InvocationHandler invoked = (proxy, method, arguments) -> switch (method.getName()) {
                case "handle" -> {
                    action.run();
                    yield null;
                }
                case "equals" -> proxy == arguments[0];
                case "hashCode" -> System.identityHashCode(proxy);
                default -> "handler of SIG" + name;
            };
            Object adapter = Proxy.newProxyInstance(handler.getClassLoader(), new Class<?>[] {handler}, invoked);
            signal.getMethod("handle", signal, handler)
                    .invoke(null, signal.getConstructor(String.class).newInstance(name), adapter);
        } catch (ReflectiveOperationException e) {
            KernelLog.warn("SIG" + name + " keeps its default handler", e);
        }
    }
}
