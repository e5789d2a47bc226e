/**
 * The documents of the OCI image specification and of docker, read tolerantly and written byte for byte as BuildKit's Go
 * code writes them; digests, references, platforms. Values only; nothing here touches a file. Uses nothing of ours.
 */
package org.layerbook.engine.oci;
