using System.Globalization;
using Coord.JepsenLike.Clients;
using Coord.JepsenLike.Histories;

namespace Coord.JepsenLike.Workloads;

/// <summary>
/// A session that is heard of, falls silent, and attaches again. What is recorded says since when it was surely silent
/// (invoked: its last contact; for a late end, tag: the last moment at which a node can have heard of it), and when the
/// attempt was sent that was answered.
/// </summary>
internal sealed class SilentSession(WorkloadClient client)
{
    private Operation? silence;
    private int session;

    public async Task StepAsync(TimeSpan time, CancellationToken stop)
    {
        if (silence is not null)
        {
            // Attached again: otherwise it would have been told that it expired.
            var asked = client.LastContact.ToString(CultureInfo.InvariantCulture);
            client.Record(silence with { Completed = client.Now, Text = asked });
            silence = null;
        }

        var call = client.Begin(OperationKind.Read, key: "/");
        var replies = await client.AskAsync(call,
            xid => Wire.SyncRequest(xid, call.Key), xid => Wire.ReadRequest(xid, Wire.Exists, call.Key));
        client.Record(client.Done(call, replies[1]));
        var (contact, heard) = (client.LastContact, client.Now);
        if (client.Random.Next(2) == 0)
            client.Session.Drop();
        var lasted = Task.Delay(time, stop);
        await lasted.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!lasted.IsCompletedSuccessfully)
            return;

        session = client.Session.Session;
        silence = client.Begin(OperationKind.Silence, key: "") with
        {
            Invoked = contact, Tag = heard, Amount = client.LeastTimeoutMs, Expected = client.MostTimeoutMs,
        };
        client.Session.Drop();
    }

    /// <summary>An attempt that nobody answered may have been heard.</summary>
    public void Tried()
    {
        if (silence is not null)
            silence = silence with { Tag = client.Now };
    }

    public void Expired(int number)
    {
        if (silence is not null && number == session)
            client.Record(silence with { Completed = client.Now, Error = Operation.SessionExpired, Text = "0" });
        silence = null;
    }
}
