/**
 * The practice registry of a session: a real registry on this machine's loopback, so that push, pull and login can be
 * taught without a network.
 */
package org.layerbook.interpreter.practice;
