package org.layerbook.engine.host;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What the launcher changed in the environment, taken back. */
public final class UserEnvironment {
    private static final String LC_ALL = "LC_ALL";
    private static final String USER_LC_ALL = "LAYERBOOK_USER_LC_ALL";

    private UserEnvironment() {}

    public static Map<String, String> of(Map<String, String> own) {
        Map<String, String> user = new HashMap<>(own);
        if (own.containsKey(USER_LC_ALL)) {
            user.remove(LC_ALL);
            if (!own.get(USER_LC_ALL).isEmpty()) {
                user.put(LC_ALL, own.get(USER_LC_ALL));
            }
        }
        user.keySet()
                .removeAll(Set.of(
                        USER_LC_ALL,
                        "LAYERBOOK_LAUNCHER",
                        Isolation.SESSION,
                        Isolation.MODE,
                        Isolation.APART,
                        Isolation.HIDDEN_CLONE3,
                        Isolation.FAILED,
                        Isolation.WHY,
                        Isolation.DIRECTORY,
                        Isolation.LIFELINE,
                        Isolation.RESTORE_SIGINT,
                        Isolation.TERMINAL));
        return Map.copyOf(user);
    }
}
