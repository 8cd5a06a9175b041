using Coord.Protocol;

namespace Coord.StateMachine.Tests;

/// <summary>Runs a history on the tree and on the naive model and compares after each step.</summary>
internal sealed class History(TreeDriver driver, Action? beforeEachStep = null)
{
    private readonly NaiveZooKeeper _model = new();
    private readonly List<TestSession> _sessions = [];
    private readonly HashSet<long> _live = [];

    public void Run(IEnumerable<Step> steps)
    {
        foreach (var step in steps)
        {
            beforeEachStep?.Invoke();
            Run(step);
            CompareTrees();
        }
    }

    /// <summary>What is in the tree, as the model says.</summary>
    public (string Path, ZnodeView Znode)[] View() =>
        [.. _model.Paths.Select(path => (path, ZnodeView.Of(_model, path)))];

    private void Run(Step step)
    {
        switch (step)
        {
            case Step.Connect:
                Connect();
                break;
            case Step.Reattach reattach when Has(reattach.Session):
                Reattach(reattach);
                break;
            case Step.Close close when Has(close.Session):
                End(_sessions[close.Session].Id, driver.Close(_sessions[close.Session]));
                break;
            case Step.Expire expire when Has(expire.Session):
                End(_sessions[expire.Session].Id, driver.Expire(_sessions[expire.Session]));
                break;
            case Step.Request request when Has(request.Session):
                Request(_sessions[request.Session], request);
                break;
            case Step.Sweep sweep:
                Sweep(sweep);
                break;
            case Step.Stale stale when Has(stale.Session):
                Stale(_sessions[stale.Session], stale.What);
                break;
            case Step.Early early when Has(early.Session):
                Early(_sessions[early.Session], early.What);
                break;
            case Step.Again when driver.Log.Count > 0:
                Again();
                break;
        }
    }

    private bool Has(int session) => session < _sessions.Count;

    private void Connect()
    {
        int place = _sessions.Count > 3 ? _sessions.FindIndex(one => !_live.Contains(one.Id)) : _sessions.Count;
        if (place < 0)
            return;
        var session = driver.Connect(password: (byte)(place + 1)).As(Histories.IdentitiesOf(place));
        Assert.Equal(driver.NextIndex - 1, session.Id);
        _sessions.RemoveRange(place, _sessions.Count > place ? 1 : 0);
        _sessions.Insert(place, session);
        _live.Add(session.Id);
    }

    private void Reattach(Step.Reattach step)
    {
        var session = _sessions[step.Session];
        var reply = driver.Reattach(ref session, password: step.HasPassword ? null : 99);
        bool isAccepted = step.HasPassword && _live.Contains(session.Id);
        Assert.Equal(isAccepted ? SessionEffect.Reattached : SessionEffect.ReattachRefused, reply.Effect);
        Assert.Empty(reply.Changes);
        _sessions[step.Session] = session;
    }

    private void End(long session, Reply reply)
    {
        bool wasLive = _live.Remove(session);
        Assert.Equal(wasLive ? ApplyOutcome.Applied : ApplyOutcome.NoSession, reply.Outcome);
        Assert.Equal(wasLive ? _model.EndSession(session, reply.Zxid) : [], reply.Changes);
    }

    private void Request(TestSession session, Step.Request step)
    {
        driver.Flags = step.Flags;
        var reply = driver.Run(session, step.What);
        driver.Flags = EntryFlags.None;
        if (!_live.Contains(session.Id))
        {
            Assert.Equal((ApplyOutcome.NoSession, ErrorCode.SessionExpired), (reply.Outcome, reply.Error));
            AssertNothingChanged(reply);
            return;
        }

        var expected = _model.Run(step.What, ContextOf(reply, session, step.Flags));
        Assert.Equal((ApplyOutcome.Applied, expected.Error), (reply.Outcome, reply.Error));
        Assert.Equal(Convert.ToHexString(expected.Body), Convert.ToHexString(reply.Body));
        Assert.Equal(expected.Changes, reply.Changes);
    }

    private void Sweep(Step.Sweep step)
    {
        long czxid = _model.Paths.Contains(step.Path) ? _model[step.Path].Czxid + (step.IsPresent ? 0 : 1) : 1;
        var reply = driver.Sweep(step.Path, czxid, step.NeverUsedMs);
        Assert.Equal(
            _model.Sweep(step.Path, czxid, step.NeverUsedMs, ContextOf(reply, null, EntryFlags.None)), reply.Changes);
        Assert.Empty(reply.Body);
    }

    private ModelContext ContextOf(Reply reply, TestSession? session, EntryFlags flags) =>
        new(reply.Zxid, driver.TimeOf(reply.Zxid), session?.Id ?? 0, session?.Identities ?? [], flags, _live);

    private void Stale(TestSession session, ZnodeRequest request)
    {
        var reply = driver.Run(session with { Attachment = session.Attachment + 1_000_000 }, request);
        Assert.Equal(_live.Contains(session.Id) ? ApplyOutcome.Moved : ApplyOutcome.NoSession, reply.Outcome);
        AssertNothingChanged(reply);
    }

    private void Early(TestSession session, ZnodeRequest request)
    {
        driver.NextSequence += 3;
        var reply = driver.Run(session, request);
        driver.NextSequence -= 4;
        Assert.Equal(ApplyOutcome.Gap, reply.Outcome);
        AssertNothingChanged(reply);
    }

    private void Again()
    {
        byte[] entry = driver.Log[^1].Entry;
        Assert.True(EntryHeader.TryRead(entry, out var header));
        if (header.OriginNode == 0 || header.OriginSequence >= driver.NextSequence)
            return;
        var reply = driver.Apply(entry);
        Assert.Equal(ApplyOutcome.Repeat, reply.Outcome);
        AssertNothingChanged(reply);
    }

    private static void AssertNothingChanged(Reply reply)
    {
        Assert.Empty(reply.Changes);
        Assert.Empty(reply.Body);
    }

    private void CompareTrees()
    {
        var paths = _model.Paths.ToList();
        Assert.Equal(paths.Count, driver.Tree.ZnodeCount);
        foreach (string path in paths)
            Assert.Equal(ZnodeView.Of(_model, path), ZnodeView.Of(driver, path));
        StoreSoundness.AssertSound(driver.Tree);
        Assert.Equal(paths.Count(path => _model[path].Owner > 0), driver.Tree.EphemeralCount);
        Assert.Equal(
            paths.Sum(path => path.Length + (_model[path].Value?.Length ?? 0)), driver.Tree.ApproximateDataBytes);
        Assert.Equal(_live.Count, driver.Tree.SessionCount);
        Assert.Equal(
            paths.Count(path => _model[path].Owner == -1 || _model[path].Ttl > 0), driver.Tree.SweepableCount);
    }
}
