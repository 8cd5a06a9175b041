using System.Buffers.Binary;
using System.Text;
using Coord.Differential.Wire;

namespace Coord.Differential.Sequences;

/// <summary>Makes a sequence from its seed: the same one each time.</summary>
internal sealed class SequenceGenerator
{
    private const int FrameBytesMax = 0xFFFFF;
    private const int GuardedPercent = 25;
    private const int LimitedPercent = 15;

    private readonly SeededRandom _random;
    private readonly Belief _belief = new();
    private readonly PathChoices _paths;
    private readonly WriteChoices _writes;
    private readonly ReadChoices _reads;
    private readonly bool _isGuarded;
    private readonly bool _isLimited;
    private readonly List<Step> _steps = [];

    private SequenceGenerator(ulong seed)
    {
        _random = new SeededRandom(seed);
        _isGuarded = _random.Chance(GuardedPercent);
        _isLimited = _random.Chance(LimitedPercent);
        _paths = new PathChoices(_random, _belief);
        _writes = new WriteChoices(_random, _belief, _paths, _isGuarded, _isLimited);
        _reads = new ReadChoices(_random, _paths, _isGuarded);
    }

    public static Sequence Make(ulong seed, int operations)
    {
        var generator = new SequenceGenerator(seed);
        if (generator._isLimited)
            generator.PlantQuota();
        generator.Plant("/a", "/b", "/a/b");
        while (generator._steps.Count < operations)
            generator.AddStep(generator._random.Below(Sequence.Slots));
        return new Sequence(seed, generator._isGuarded, generator._steps);
    }

    // Else most requests of a short sequence would find nothing.
    private void Plant(params ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            _belief.Create(path, isSequential: false, owner: null);
            Ask(0, Requests.Create(Op.Create, WirePath.Below(path), [1], AclList.Open, flags: 0));
        }
    }

    // Without the last znode ZooKeeper does not look at the limits. It looks at what is applied, not at what a multi
    // or a request in flight does before: there are neither in such a sequence.
    private void PlantQuota()
    {
        var (bytes, count) = (_random.Pick(300, 3_000), _random.Pick(6, 12));
        (string Name, string Data)[] znodes =
        [
            ("", ""), ("/zookeeper_limits", $"count=-1,bytes=-1=;byteHardLimit={bytes};countHardLimit={count}"),
            ("/zookeeper_stats", "count=0,bytes=0"),
        ];
        foreach (var (name, data) in znodes)
        {
            var path = WirePath.Around("/zookeeper/quota", name);
            Ask(0, Requests.Create(Op.Create, path, Encoding.UTF8.GetBytes(data), AclList.Open, flags: 0));
        }
    }

    private void AddStep(int slot) => _random.Weighted<Action>(
    [
        (460, () => Ask(slot, _writes.One(slot))),
        (300, () => Ask(slot, _reads.One(slot))),
        (_isGuarded ? 0 : 110, () => Ask(slot, _reads.OnWatches(slot))),
        (_isGuarded ? 0 : 20, () => _steps.Add(_reads.CheckAndRemove(slot))),
        (_isGuarded ? 80 : 25, () => Ask(slot, _reads.Auth())),
        (_isLimited ? 0 : 30, () => _steps.Add(new AskAll(slot, Several(slot)))),
        (10, () => Ask(slot, CutRequest(slot))),
        (6, () => Ask(slot, Unknown())),
        (3, () => Ask(slot, Requests.Sasl([]))),
        (3, () => Ask(slot, Requests.Reconfig(null, null, "server.1=h:1:2:participant;h:3", -1))),
        (4, () => _steps.Add(NoRequest(slot))),
        (10, () => _steps.Add(new Cut(slot))),
        (16, () => ComeBack(slot)),
        (8, () => End(new Leave(slot))),
        (1, () => End(new Expire(slot))),
        (_isLimited ? 0 : 1, () => _steps.Add(new Sweep(slot, _paths.ToBeSwept(), _random.Chance(50)))),
    ])();

    private void Ask(int slot, Request request) => _steps.Add(new Ask(slot, request));

    private void ComeBack(int slot)
    {
        _steps.Add(new Return(slot, _random.Weighted<Greeting>(
        [
            (8, Greeting.Right), (3, Greeting.Short), (3, Greeting.Takeover), (1, Greeting.WrongPassword),
            (1, Greeting.ShortPassword), (1, Greeting.UnknownSession), (1, Greeting.Ahead),
        ])));
        if (!_isGuarded && _random.Chance(70))
            Ask(slot, _reads.SetWatches(slot));
    }

    private void End(Step step)
    {
        _steps.Add(step);
        _belief.EndSession(step.Slot);
    }

    private List<Request> Several(int slot)
    {
        var requests = new List<Request>();
        for (var count = 2 + _random.Below(4); count > 0; count--)
            requests.Add(_random.Chance(60) ? _writes.Visible(slot) : _reads.One(slot));
        requests.RemoveAll(request => request.Op == Op.Ping || IsAskedTwice(request));
        return requests;
    }

    // Behind it 3.8 is asked for what it does not check, which a row of requests leaves no place for.
    private bool IsAskedTwice(Request request) => _isGuarded && request.Op == Op.Exists;

    private Request CutRequest(int slot)
    {
        var request = _random.Below(10) switch
        {
            < 5 => _writes.One(slot),
            < 8 => _reads.One(slot),
            _ => _isGuarded ? _reads.Auth() : _reads.OnWatches(slot),
        };
        return request.Op is Op.Ping or Op.WhoAmI ? request : request.Cut(1 + _random.Below(9));
    }

    private Request Unknown() => Requests.Bare((Op)_random.Pick(0, 10, 13, 20, 23, 99, 108, 999, -2, -10, -12));

    private SendBytes NoRequest(int slot)
    {
        var (what, length) = _random.Below(4) switch
        {
            0 => ("a frame above the limit", FrameBytesMax + 1),
            1 => ("a negative length", -1),
            2 => ("the largest length", int.MaxValue),
            _ => ("a frame shorter than a header", 4),
        };
        var bytes = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        return new SendBytes(slot, what, bytes);
    }
}
