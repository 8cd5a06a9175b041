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
                Request(_sessions[request.Session], request.What);
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
        if (_sessions.Count > 3)
            return;
        var session = driver.Connect(password: (byte)(_sessions.Count + 1)).As(Histories.IdentitiesOf(_sessions.Count));
        Assert.Equal(driver.NextIndex - 1, session.Id);
        _sessions.Add(session);
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

    private void Request(TestSession session, ZnodeRequest request)
    {
        var reply = driver.Run(session, request);
        if (!_live.Contains(session.Id))
        {
            Assert.Equal((ApplyOutcome.NoSession, ErrorCode.SessionExpired), (reply.Outcome, reply.Error));
            AssertNothingChanged(reply);
            return;
        }

        var expected = _model.Run(request, new ModelContext(
            reply.Zxid, driver.TimeOf(reply.Zxid), session.Id, session.Identities));
        Assert.Equal((ApplyOutcome.Applied, expected.Error), (reply.Outcome, reply.Error));
        Assert.Equal(Convert.ToHexString(expected.Body), Convert.ToHexString(reply.Body));
        Assert.Equal(expected.Changes, reply.Changes);
    }

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
        {
            Assert.Equal(_model.StatOf(path), driver.Stat(path));
            Assert.Equal(_model[path].Value, driver.Value(path));
            Assert.Equal(_model[path].Acl, driver.Acl(path));
            Assert.Equal(_model.ChildrenOf(path).Order(StringComparer.Ordinal), driver.Children(path));
        }

        Assert.Equal(paths.Count(path => _model[path].Owner > 0), driver.Tree.EphemeralCount);
        Assert.Equal(
            paths.Sum(path => path.Length + (_model[path].Value?.Length ?? 0)), driver.Tree.ApproximateDataBytes);
        Assert.Equal(_live.Count, driver.Tree.SessionCount);
    }
}
