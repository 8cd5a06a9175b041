using Coord.Differential.Captured.Scripts;

namespace Coord.Differential.Captured;

/// <summary>A script, and the file of what a server said to it.</summary>
/// <param name="Name">Of the file, without its ending.</param>
/// <param name="About">One line for the file.</param>
/// <param name="Speak">Each has znodes of its own, and leaves no session behind.</param>
internal sealed record Conversation(string Name, string About, Action<Recording> Speak)
{
    public static IReadOnlyList<Conversation> All { get; } =
    [
        new("handshakes", "new sessions, sessions that come back, and those that may not", SessionScripts.Handshakes),
        new("ends-of-sessions", "close and expiry, seen by another session", SessionScripts.Ends),
        new("creates", "the four operations that create, each with every error", CreateScripts.Speak),
        new("writes", "delete, setData and setACL, each with every error", WriteScripts.Speak),
        new("reads", "every read, with and without the right to it", ReadScripts.Speak),
        new("identities", "auth, whoAmI, getACL to those who may not administer", AccessScripts.Identities),
        new("quotas", "what a hard quota refuses", AccessScripts.Quotas),
        new("multis", "every operation in a multi, with every error", MultiScripts.Speak),
        new("multi-reads", "several reads at once", MultiScripts.Reads),
        new("watches", "one-shot watches, and every event", WatchScripts.OneShot),
        new("persistent-watches", "addWatch in both modes, removal of watches", WatchScripts.Persistent),
        new("set-watches", "watches that are set again, and what was missed", WatchScripts.SetAgain),
        new("config", "reconfig where it is switched off, and /zookeeper/config", AccessScripts.Config),
        new("refused", "no operation, or none of a client's, or not to be read", RefusalScripts.Speak),
    ];

    public string FileBelow(string root) => Path.Combine(ConversationFile.FolderBelow(root), $"{Name}.txt");
}
