using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace Coord.Node.Admin.Commands;

/// <summary>One command of ZooKeeper's AdminServer (zookeeper-protocol 10.4).</summary>
/// <param name="Name">As it stands in the answer.</param>
/// <param name="Aliases">What else it is asked by.</param>
/// <param name="Run">
/// Writes its fields into an open JSON object, and gives the text of its error or null.
/// </param>
internal sealed record AdminCommand(string Name, string[] Aliases, Func<CommandCall, Task<string?>> Run)
{
    /// <summary>Answers only where the node serves clients.</summary>
    public bool NeedsServing { get; init; } = true;

    /// <summary>Changes something, and so needs the super user.</summary>
    public bool IsChange { get; init; }

    /// <summary>Answers to POST only.</summary>
    public bool IsPost { get; init; }

    /// <summary>A command that only writes what is known.</summary>
    public static AdminCommand Telling(string name, string[] aliases, Action<CommandCall> write) =>
        new(name, aliases, call =>
        {
            write(call);
            return Task.FromResult<string?>(null);
        });
}

/// <summary>One call of a command.</summary>
/// <param name="Facts">What can be told.</param>
/// <param name="Status">What the replica last published: the same for the whole answer.</param>
/// <param name="Json">Where the fields go.</param>
/// <param name="Request">What was asked.</param>
internal sealed record CommandCall(NodeFacts Facts, NodeStatus Status, Utf8JsonWriter Json, HttpRequest Request);
