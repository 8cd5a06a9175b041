using Coord.Differential.Sequences;
using Coord.Differential.Wire;
using static Coord.Differential.Captured.Scripts.Words;

namespace Coord.Differential.Captured.Scripts;

/// <summary>Requests that are no clients', and those that cannot be read (zookeeper-protocol 1.1, 2.1, 2.4).</summary>
internal static class RefusalScripts
{
    private const string Root = "/refused";

    public static void Speak(Recording recording)
    {
        var client = recording.Connect("a client");
        client.Ask("a root", Make(Root));
        foreach (var request in Whole())
            client.Ask($"{request.Op}: with its end missing", request.Cut(bytes: 3));
        client.Ask("Multi: with a read in it", Request.Of(Op.Multi, [Set(Root, "x"), Look(Op.GetData, Root)]));
        client.Ask("Multi: without its end", Request.Of(Op.Multi, [Set(Root, "x")]).Cut(bytes: 9));
        client.Ask("MultiRead: with a write in it", Request.Of(Op.MultiRead, [Look(Op.GetData, Root), Remove(Root)]));
        client.Ask("SetData: of a null path", Requests.SetData(WirePath.Null, [], AnyVersion));
        client.Ask("Exists: of a null path", Requests.Read(Op.Exists, WirePath.Null, watch: false));
        client.Ask("GetEphemerals: of a null path", Requests.OnPath(Op.GetEphemerals, WirePath.Null));
        client.Ask("nothing of that was done", Look(Op.GetData, Root));
        client.Close();

        foreach (var type in new[] { 0, -1, 10, 23, 99, 108, 999 })
        {
            var unknown = recording.Connect($"a client for operation {type}");
            unknown.AskForTheLastTime($"operation {type}: there is none", Requests.Bare((Op)type));
        }

        var internally = recording.Connect("a client for an operation of the server's own");
        internally.Ask("a znode", Make($"{Root}/container"));
        internally.Ask("DeleteContainer: by a client", Requests.OnPath(Op.DeleteContainer, At($"{Root}/container")));
        var sasl = recording.Connect("a client for sasl");
        sasl.Ask("Sasl: where it is not set up", Requests.Sasl([1, 2, 3]));
    }

    private static Request[] Whole() =>
    [
        MakeBy(Op.Create, $"{Root}/x"), MakeBy(Op.Create2, $"{Root}/x"), MakeBy(Op.CreateContainer, $"{Root}/x"),
        MakeBy(Op.CreateTtl, $"{Root}/x"), Remove(Root), Set(Root, "x"),
        Requests.SetAcl(At(Root), AclList.Open, AnyVersion),
        Request.Of(Op.Multi, [Remove(Root)]), Look(Op.Exists, Root), Look(Op.GetData, Root),
        Look(Op.GetChildren, Root), Look(Op.GetChildren2, Root), Of(Op.GetAcl, Root), Of(Op.Sync, Root),
        Of(Op.GetEphemerals, Root), Of(Op.GetAllChildrenNumber, Root),
        Request.Of(Op.MultiRead, [Look(Op.GetData, Root)]),
        Requests.Watch(Op.AddWatch, At(Root), 0), Requests.Watch(Op.CheckWatches, At(Root), 1),
        Requests.Watch(Op.RemoveWatches, At(Root), 1),
        Requests.SetWatches(Op.SetWatches, 0, [[At(Root)], [], []]),
        Requests.SetWatches(Op.SetWatches2, 0, [[At(Root)], [], [], [], []]),
    ];
}
