using System.Globalization;
using System.Text;
using Coord.Client.Recipes;
using Coord.Protocol;

namespace Coord.Client.Tests;

/// <summary>What the requests do to the tree, and what they answer.</summary>
internal static class ScriptedOperations
{
    public static ScriptedReply Run(
        ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request, string? features)
    {
        if (request.Path == "/zookeeper/coord/features" && features is not null)
            return Data(Encoding.UTF8.GetBytes(features), default);
        if (request.Op == OpCode.CreateRank && features?.Contains("create-rank", StringComparison.Ordinal) != true)
            return new ScriptedReply(ErrorCode.Unimplemented);
        switch (request.Op)
        {
            case OpCode.GetData or OpCode.Exists or OpCode.GetChildren2:
                return Read(tree, connection, request);
            case OpCode.Once when request.Counter.Adds is not null:
                return Add(tree, connection, request);
            case OpCode.Multi or OpCode.Once:
                return Multi(tree, connection, request);
            case OpCode.AddWatch:
                connection.WatchTree(request.Path);
                return ScriptedReply.Empty;
            case OpCode.RemoveWatches:
                connection.Unwatch(request.Path);
                return ScriptedReply.Empty;
            case OpCode.SetWatches or OpCode.SetWatches2:
                connection.Rearm(request, tree);
                return ScriptedReply.Empty;
            case OpCode.Sync or OpCode.Ping or OpCode.CloseSession or OpCode.Auth:
                return ScriptedReply.Empty;
            default:
                return Write(tree, connection, request);
        }
    }

    private static ScriptedReply Write(ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request)
    {
        var path = request.Path;
        var error = Change(tree, connection, request, ref path);
        var reply = new ScriptedReply(error);
        if (error != ErrorCode.Ok || request.Op == OpCode.Delete)
            return reply;
        var writer = new JuteWriter(reply.Body);
        if (request.Op != OpCode.SetData)
            writer.WriteString(path);
        tree.Find(path)!.Stat.Write(ref writer);
        if (request.Op == OpCode.CreateRank)
            WriteRank(ref writer, tree, path, request);
        writer.Complete();
        return reply;
    }

    private static void WriteRank(ref JuteWriter writer, ScriptedTree tree, string path, ScriptedRequest request)
    {
        var slash = path.LastIndexOf('/');
        var own = Number(path, request.Rank.Marks)!.Value;
        var before = tree.ChildrenOf(path[..slash])
            .Select(name => (Name: name, Number: Number(name, request.Rank.Marks)))
            .Where(one => one.Number is { } number && unchecked(own - number) > 0)
            .OrderBy(one => unchecked(own - one.Number!.Value))
            .Select(one => one.Name)
            .ToList();
        writer.WriteInt32(tree.TellsRanks ? before.Count : -1);
        writer.WriteString(tree.TellsRanks
            ? before.FirstOrDefault(name => request.Rank.WaitedFor.Exists(name.Contains)) ?? string.Empty
            : string.Empty);
    }

    private static int? Number(string name, List<string> marks) => marks
        .Where(name.Contains)
        .Select(mark => int.TryParse(name[(name.LastIndexOf(mark, StringComparison.Ordinal) + mark.Length)..],
            CultureInfo.InvariantCulture, out var number) ? number : (int?)null)
        .FirstOrDefault(number => number is not null);

    private static ErrorCode Change(
        ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request, ref string path) =>
        request.Op switch
        {
            OpCode.Delete => tree.Delete(path, request.Number),
            OpCode.SetData => tree.Set(path, request.Bytes, request.Number),
            OpCode.Check => tree.Check(path, request.Number),
            OpCode.CheckAbsent => tree.Find(path) is null ? ErrorCode.Ok : ErrorCode.NodeExists,
            OpCode.CheckChildren => tree.CheckChildren(path, request.Number),
            _ => tree.Create(ref path, request.Bytes, (CreateMode)request.Number, connection.SessionId),
        };

    private static ScriptedReply Read(ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request)
    {
        var node = tree.Find(request.Path);
        if (request.Watch && (node is not null || request.Op == OpCode.Exists))
            connection.Watch(request.Op == OpCode.GetChildren2, request.Path);
        if (node is null)
            return new ScriptedReply(ErrorCode.NoNode);
        if (request.Op == OpCode.GetData)
            return Data(node.Bytes, node.Stat);
        var reply = new ScriptedReply(ErrorCode.Ok);
        var writer = new JuteWriter(reply.Body);
        if (request.Op == OpCode.GetChildren2)
        {
            var names = tree.ChildrenOf(request.Path).ToList();
            writer.WriteVectorCount(names.Count);
            foreach (var name in names)
                writer.WriteString(name);
        }

        node.Stat.Write(ref writer);
        writer.Complete();
        return reply;
    }

    private static ScriptedReply Data(byte[] bytes, Stat stat)
    {
        var reply = new ScriptedReply(ErrorCode.Ok);
        var writer = new JuteWriter(reply.Body);
        writer.WriteBuffer(bytes);
        stat.Write(ref writer);
        writer.Complete();
        return reply;
    }

    private static ScriptedReply Add(ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request)
    {
        if (tree.Find(request.Path) is not { } node)
            return new ScriptedReply(ErrorCode.NoNode);
        CounterBytes counter;
        try
        {
            counter = CounterBytes.Read(request.Path, node.Bytes, request.Counter.Initial);
        }
        catch (ZnodeFormatException)
        {
            return new ScriptedReply(ErrorCode.InvalidState);
        }

        var isAgain = request.First.Session != 0;
        if (isAgain && connection.IsLive(request.First.Session))
            return new ScriptedReply(ErrorCode.BadVersion);
        if (isAgain && counter.Writes.Find(request.Counter.Tag) is { } write)
            return Added(node, write.ValueBefore, Sum(request, write.ValueBefore).Value);
        if (isAgain && counter.Writes.CompleteSince(node.Mzxid) > request.First.SeenZxid)
            return new ScriptedReply(ErrorCode.BadArguments);

        var (value, isAny) = Sum(request, counter.Value);
        if (isAny)
            tree.Set(request.Path, counter.Next(value, request.Counter.Tag, node.Mzxid).ToArray(), -1);
        return Added(node, counter.Value, value);
    }

    private static (long Value, bool IsAny) Sum(ScriptedRequest request, long value)
    {
        var isAny = false;
        foreach (var add in request.Counter.Adds.SelectMany(add => Enumerable.Repeat(add, add.Times)))
        {
            if (add.TryAdd(value, out var sum))
                (value, isAny) = (sum, true);
        }

        return (value, isAny);
    }

    private static ScriptedReply Added(ScriptedNode node, long before, long after)
    {
        var reply = new ScriptedReply(ErrorCode.Ok);
        var writer = new JuteWriter(reply.Body);
        new CounterAddResponse(before, after, node.Stat).Write(ref writer);
        writer.Complete();
        return reply;
    }

    private static ScriptedReply Multi(ScriptedTree tree, ScriptedConnection connection, ScriptedRequest request)
    {
        var before = tree.Copy();
        var errors = new List<ErrorCode>();
        var paths = new List<string>();
        foreach (var part in request.Parts)
        {
            var path = part.Path;
            errors.Add(Change(tree, connection, part, ref path));
            paths.Add(path);
            if (errors[^1] != ErrorCode.Ok)
                break;
        }

        var failed = errors.FindIndex(error => error != ErrorCode.Ok);
        if (failed >= 0)
            tree.Restore(before);
        var reply = new ScriptedReply(ErrorCode.Ok);
        var writer = new JuteWriter(reply.Body);
        for (var i = 0; i < request.Parts.Count; i++)
        {
            if (failed >= 0)
                WriteError(ref writer, i > failed ? ErrorCode.RuntimeInconsistency : errors[i]);
            else
                WriteResult(ref writer, tree, request.Parts[i].Op, paths[i]);
        }

        WriteHeader(ref writer, OpCode.Error, true, -1);
        writer.Complete();
        return reply;
    }

    private static void WriteError(ref JuteWriter writer, ErrorCode error)
    {
        WriteHeader(ref writer, OpCode.Error, false, (int)error);
        writer.WriteInt32((int)error);
    }

    private static void WriteResult(ref JuteWriter writer, ScriptedTree tree, OpCode op, string path)
    {
        WriteHeader(ref writer, op, false, 0);
        if (op is OpCode.Create2 or OpCode.Create)
            writer.WriteString(path);
        if (op is OpCode.Create2 or OpCode.SetData)
            (tree.Find(path)?.Stat ?? default).Write(ref writer);
    }

    private static void WriteHeader(ref JuteWriter writer, OpCode type, bool isEnd, int error)
    {
        writer.WriteInt32((int)type);
        writer.WriteBool(isEnd);
        writer.WriteInt32(error);
    }
}
