using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// Reads some registers of a group and writes some of them, in one multi that succeeds only if all still have the
/// versions that were read: so what it read and what it wrote stand at one moment. Without writes the multi is a
/// consistent read; ZooKeeper promises none without it (zookeeper-protocol 2.5).
/// </summary>
internal sealed class GroupClient(WorkloadClient client, string group) : IGroup
{
    public async Task ReadAsync(int register)
    {
        var call = client.Begin(OperationKind.Read, PathOf(register));
        var replies = await client.AskLatestAsync(call, xid => Wire.ReadRequest(xid, Wire.GetData, call.Key));
        var (amount, tag, stat) = ReplyReader.Datum(replies[0]);
        client.Record(client.Done(call, replies[0]) with
        {
            Amount = amount, Tag = tag, Version = stat.Version, ModifiedZxid = stat.ModifiedZxid,
        });
    }

    public async Task TransactAsync(IReadOnlyList<int> registers, IGroup.Writes writes)
    {
        var replies = await client.Session.FlightAsync([.. registers.Select<int, Func<int, byte[]>>(register =>
            xid => Wire.ReadRequest(xid, Wire.GetData, PathOf(register)))]);
        var read = registers.Select((register, i) => Part(register, replies[i])).ToArray();
        var written = writes(read);
        var parts = read.Select(part => written.TryGetValue(part.Register, out var amount)
            ? part with { IsSet = true, NewAmount = amount } : part).ToArray();
        var call = client.Begin(OperationKind.Transaction, group) with
        {
            Tag = client.Recorder.NewTag(), Text = GroupPart.Write(parts),
        };

        var operations = parts.Select(part => part.IsSet
            ? MultiOperation.Set(PathOf(part.Register), Wire.Datum(part.NewAmount, call.Tag), part.Version)
            : MultiOperation.Check(PathOf(part.Register), part.Version)).ToArray();
        var reply = (await client.AskAsync(call, xid => Wire.MultiRequest(xid, operations)))[0];
        var outcome = ReplyReader.Multi(reply);

        // Which part was refused; the others say nothing then.
        client.Record(client.Done(call, reply) with { Error = outcome.Error, Expected = outcome.Refused });
    }

    private string PathOf(int register) => GroupUse.PathOf(group, register);

    private static GroupPart Part(int register, Reply reply)
    {
        if (reply.Error != 0)
            throw new ProtocolViolationException($"register {register} is gone: error {reply.Error}");

        var (amount, tag, stat) = ReplyReader.Datum(reply);
        return new GroupPart(register, IsSet: false, stat.Version, tag, amount, stat.ModifiedZxid, NewAmount: 0);
    }
}
