namespace Coord.StateMachine.Tests;

/// <summary>One step of a generated history. Sessions are meant by their place in the list of those opened.</summary>
internal abstract record Step
{
    internal sealed record Connect : Step;

    internal sealed record Reattach(int Session, bool HasPassword) : Step;

    internal sealed record Close(int Session) : Step;

    internal sealed record Expire(int Session) : Step;

    internal sealed record Request(int Session, ZnodeRequest What, EntryFlags Flags) : Step;

    /// <summary>The leader's sweep of one znode, the present one at the path or an earlier one.</summary>
    internal sealed record Sweep(string Path, bool IsPresent, long NeverUsedMs) : Step;

    /// <summary>A request through a connection that the session has left, or that was never its own.</summary>
    internal sealed record Stale(int Session, ZnodeRequest What) : Step;

    /// <summary>The entry before, sent again.</summary>
    internal sealed record Again : Step;

    /// <summary>A request whose origin sequence is from the future.</summary>
    internal sealed record Early(int Session, ZnodeRequest What) : Step;
}
