using System.Globalization;
using Coord.JepsenLike.Histories;
using Coord.JepsenLike.Workloads;

namespace Coord.JepsenLike.Targets;

/// <summary>
/// Registers that are keys of etcd. Its model is that of znodes under other names: the store's revision is the zxid, a
/// key's mod_revision its mzxid, and versions count from 1 instead of 0. So the same rules hold.
/// </summary>
internal sealed class EtcdStore(EtcdClient client, Func<long> now) : IRegisterStore
{
    private static int sessions;

    /// <summary>etcd knows no session here; each client is one.</summary>
    public int Session { get; } = NewSession();

    public int Node => client.Node;

    public bool IsConnected => client.IsConnected;

    public static int NewSession() => Interlocked.Increment(ref sessions);

    public static string Value(long amount, long tag) => string.Create(CultureInfo.InvariantCulture, $"{amount} {tag}");

    public static (long Amount, long Tag) Parse(string value)
    {
        var parts = value.Split(' ').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        return (parts[0], parts[1]);
    }

    public Task<bool> TryConnectAsync() => client.TryConnectAsync();

    public void MoveOn() => client.MoveOn();

    public async Task<Operation> ReadAsync(Operation call, bool isLocal)
    {
        var reply = await client.RangeAsync(call.Key, isSerializable: isLocal);
        if (reply.Value is null)
            return call with { Completed = now(), Error = Operation.NoNode, Zxid = reply.Revision };

        var (amount, tag) = Parse(reply.Value);
        return Done(call, reply) with { Amount = amount, Tag = tag };
    }

    public async Task<Operation> WriteAsync(Operation call)
    {
        var value = Value(call.Amount, call.Tag);
        var reply = call.Kind == OperationKind.CompareAndSet
            ? await client.PutIfAsync(call.Key, call.Expected + 1, value)
            : await client.PutAsync(call.Key, value);
        return reply.IsDone
            ? Done(call, reply)
            : call with { Completed = now(), Error = Operation.BadVersion, Zxid = reply.Revision };
    }

    private Operation Done(Operation call, EtcdReply reply) => call with
    {
        Completed = now(), Zxid = reply.Revision, ModifiedZxid = reply.ModRevision, Version = (int)reply.Version - 1,
    };
}
