package org.layerbook.engine.sandbox;

/** Whether a process may have the user a spec asks for. */
final class Identities {
    private Identities() {}

    static void check(ProcessSpec.Identity user, Privileges privileges) throws SandboxException {
        if (!privileges.uids().contains(user.uid())) {
            throw new SandboxException("cannot run as user " + user.uid() + ": " + outside(privileges.uids(), "user"));
        }
        if (!privileges.gids().contains(user.gid())) {
            throw new SandboxException(
                    "cannot run as group " + user.gid() + ": " + outside(privileges.gids(), "group"));
        }
    }

    private static String outside(Privileges.IdMap map, String what) {
        if (map.count() == 1) {
            return "only one " + what + " ID is available; install newuidmap (package uidmap), add"
                    + " subordinate IDs to /etc/subuid and /etc/subgid, and restart";
        }
        return "only the " + what + " IDs 0 to " + (map.count() - 1)
                + " are available; extend your range in /etc/subuid and /etc/subgid, and restart";
    }
}
