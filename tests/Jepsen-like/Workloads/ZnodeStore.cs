using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>Registers that are znodes: version, zxid and mzxid are those of the replies.</summary>
internal sealed class ZnodeStore(SessionClient session, Func<long> now) : IRegisterStore
{
    public int Session => session.Session;

    public int Node => session.Node;

    public bool IsConnected => session.IsConnected;

    public Task<bool> TryConnectAsync() => session.TryConnectAsync();

    public void MoveOn() => session.MoveOn();

    public void Follow(Random random) => session.Follow(random);

    public async Task<Operation> ReadAsync(Operation call, bool isLocal)
    {
        var reply = isLocal ? await session.GetDataAsync(call.Key) : await session.SyncAndGetDataAsync(call.Key);
        var done = Done(call, reply);
        if (reply.Error != 0)
            return done;

        var (amount, tag, modified, version) = reply.DatumAndStat();
        return done with { Amount = amount, Tag = tag, ModifiedZxid = modified, Version = version };
    }

    public async Task<Operation> WriteAsync(Operation call)
    {
        var reply = await session.SetDataAsync(call.Key, Wire.Datum(call.Amount, call.Tag), call.Expected);
        var done = Done(call, reply);
        if (reply.Error != 0)
            return done;

        var (modified, version) = reply.Stat();
        return done with { ModifiedZxid = modified, Version = version };
    }

    private Operation Done(Operation call, Reply reply) =>
        call with { Completed = now(), Error = reply.Error, Zxid = reply.Zxid };
}
