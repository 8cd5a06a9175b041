using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>A numbered child: the tag that its maker gave it, and the number that its parent did.</summary>
internal readonly record struct NumberedChild(string Name, long Tag, long Number)
{
    // zookeeper-protocol 4.2: ten digits, directly behind the name that was asked for.
    private const int Digits = 10;

    /// <summary>A name to ask for.</summary>
    public static string Ask(string prefix, long tag) => $"{prefix}-{tag}-";

    public static NumberedChild Parse(string name)
    {
        var asked = name[..^Digits];
        var tag = asked.AsSpan(asked.IndexOf('-') + 1).TrimEnd('-');
        return new NumberedChild(name, long.Parse(tag, CultureInfo.InvariantCulture),
            long.Parse(name.AsSpan(name.Length - Digits), CultureInfo.InvariantCulture));
    }
}

/// <summary>Lists of children, recorded.</summary>
internal static class Children
{
    /// <summary>
    /// A linearizable read of all tags; the version is that of the list of children. Gives their number.
    /// </summary>
    /// <param name="client">Who asks.</param>
    /// <param name="parent">Whose children.</param>
    /// <param name="tagOf">The tag in a name.</param>
    public static async Task<int> ReadTagsAsync(WorkloadClient client, string parent, Func<string, long> tagOf)
    {
        var call = client.Begin(OperationKind.Read, parent);
        var reply = (await client.AskLatestAsync(call, Request(parent)))[0];
        if (reply.Error != 0)
        {
            client.Record(client.Done(call, reply));
            return 0;
        }

        var (names, stat) = ReplyReader.Children(reply);
        client.Record(client.Done(call, reply) with
        {
            Text = Numbers.Write(names.Select(tagOf)), Amount = names.Length, Version = stat.ChildVersion,
            ModifiedZxid = stat.ChildrenZxid,
        });
        return names.Length;
    }

    /// <summary>A linearizable read of numbered children, as tag:number.</summary>
    public static async Task ReadNumbersAsync(WorkloadClient client, string parent)
    {
        var call = client.Begin(OperationKind.Read, parent);
        var reply = (await client.AskLatestAsync(call, Request(parent)))[0];
        if (reply.Error != 0)
        {
            client.Record(client.Done(call, reply));
            return;
        }

        var children = ReplyReader.Children(reply).Names.Select(NumberedChild.Parse).OrderBy(child => child.Number);
        client.Record(client.Done(call, reply) with
        {
            Text = string.Join(' ', children.Select(child => $"{child.Tag}:{child.Number}")),
        });
    }

    /// <summary>The numbered children as one node has them, in their order; not recorded.</summary>
    public static async Task<NumberedChild[]> NumberedAsync(WorkloadClient client, string parent)
    {
        var reply = (await client.Session.FlightAsync(Request(parent)))[0];
        return reply.Error != 0
            ? []
            : [.. ReplyReader.Children(reply).Names.Select(NumberedChild.Parse).OrderBy(child => child.Number)];
    }

    private static Func<int, byte[]> Request(string parent) =>
        xid => Wire.ReadRequest(xid, Wire.GetChildren2, parent);
}
