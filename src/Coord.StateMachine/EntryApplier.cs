using Coord.Protocol;

namespace Coord.StateMachine;

/// <summary>Takes entries by their header: origin first, then the session, then what is asked.</summary>
internal sealed class EntryApplier(
    SessionTable sessions, OriginTable origins, ZnodeStore store, ZnodeOperations operations,
    RequestRunner requests, ChangeRecorder recorder, ApplyResult result)
{
    private readonly List<int> _ending = [];

    /// <summary>Applies one entry and returns the rolling digest behind it. Never throws, whatever the bytes.</summary>
    public ulong Apply(long index, ReadOnlySpan<byte> entry, ulong rollingDigest)
    {
        result.Begin(index);
        recorder.Begin(rollingDigest);
        recorder.Add(index);
        recorder.Add(entry);
        if (EntryHeader.TryRead(entry, out var header))
        {
            result.Header = header;
            result.SessionId = header.SessionId;
            result.Outcome = Take(header, entry);
        }
        else
        {
            result.Error = ErrorCode.MarshallingError;
        }

        recorder.Add((long)result.Outcome << 32 | (uint)result.Error);
        recorder.Add((long)result.SessionEffect);
        return recorder.DigestValue;
    }

    /// <summary>
    /// Applies a membership entry and returns the rolling digest behind it. The configuration's version stays -1: what
    /// counts is its zxid (zookeeper-protocol 11).
    /// </summary>
    public ulong ApplyMembership(
        long index, ReadOnlySpan<byte> membership, ReadOnlySpan<byte> config, ulong rollingDigest)
    {
        result.Begin(index);
        recorder.Begin(rollingDigest);
        recorder.Add(index);
        recorder.Add(membership);
        if (config.IsEmpty)
            return recorder.DigestValue;

        var slot = store.Find(BuiltInPaths.Config);
        operations.SetConfig(slot, config, index);
        return recorder.DigestValue;
    }

    /// <summary>The rolling digest behind an entry that raises the feature level.</summary>
    public static ulong ApplyFeatureLevel(long index, int level, ulong rollingDigest)
    {
        var digest = new Digest(rollingDigest);
        digest.Add(index);
        digest.Add(level);
        return digest.Value;
    }

    private ApplyOutcome Take(in EntryHeader header, ReadOnlySpan<byte> entry)
    {
        if (header.OriginNode != 0)
        {
            var order = origins.Take(header.OriginNode, header.OriginStart, header.OriginSequence);
            if (order != ApplyOutcome.Applied)
                return order;
        }

        var body = header.Body(entry);
        switch (header.Command)
        {
            case EntryCommand.Request:
                return Run(header, header.Identities(entry), body);
            case EntryCommand.CreateSession:
                return CreateSession(body);
            case EntryCommand.ReattachSession:
                return Reattach(header, body);
            case EntryCommand.CloseSession:
                return Close(header);
            case EntryCommand.ExpireSession:
                return Expire(header);
            case EntryCommand.Sweep:
                result.Error = SweepBody.TryRead(body, out var sweep)
                    ? operations.Sweep(sweep, header.TimeMs, result.Zxid)
                    : ErrorCode.MarshallingError;
                return ApplyOutcome.Applied;
            default:
                result.Error = ErrorCode.MarshallingError;
                return ApplyOutcome.Applied;
        }
    }

    private ApplyOutcome Run(in EntryHeader header, ReadOnlySpan<byte> identities, ReadOnlySpan<byte> request)
    {
        result.Operation = RequestRunner.OperationOf(request);
        var admission = Admit(header);
        if (admission != ApplyOutcome.Applied)
            return admission;

        result.Error = result.Operation == OpCode.Once
            ? RunOnce(header, identities, request[sizeof(int)..])
            : requests.Run(request, header, identities, result.Zxid);
        return ApplyOutcome.Applied;
    }

    // raft-design I10: a number that ran is answered as it was, and one whose answer is forgotten is refused.
    private ErrorCode RunOnce(in EntryHeader header, ReadOnlySpan<byte> identities, ReadOnlySpan<byte> record)
    {
        var reader = new JuteReader(record);
        if (!OnceRequest.TryRead(ref reader, out var once))
            return ErrorCode.MarshallingError;

        var results = sessions.Get(header.SessionId).Results ??= new RememberedResults();
        results.Forget(once.Acknowledged);
        if (once.Operation <= results.Highest)
        {
            if (!results.TryFind(once.Operation, out var first))
                return ErrorCode.BadArguments;
            result.AnswerAgain(first);
            return first.Error;
        }

        result.Error = requests.Run(once.Request, header, identities, result.Zxid);
        results.Add(new RememberedResult(once.Operation, result.Zxid, result.Error, result.CopyReplyBody()));
        return result.Error;
    }

    // Only the connection that the session was last attached to speaks for it.
    private ApplyOutcome Admit(in EntryHeader header)
    {
        var session = sessions.Find(header.SessionId);
        if (session == null)
            return Refuse(ApplyOutcome.NoSession, ErrorCode.SessionExpired);
        return session.Attachment == header.Attachment
            ? ApplyOutcome.Applied
            : Refuse(ApplyOutcome.Moved, ErrorCode.SessionMoved);
    }

    private ApplyOutcome Refuse(ApplyOutcome outcome, ErrorCode error)
    {
        result.Error = error;
        return outcome;
    }

    private ApplyOutcome CreateSession(ReadOnlySpan<byte> body)
    {
        if (!EntryCodec.TryReadSession(body, out int timeoutMs, out var passwordHash))
        {
            result.Error = ErrorCode.MarshallingError;
            return ApplyOutcome.Applied;
        }

        long id = result.Zxid;
        sessions.Add(new Session(id)
        {
            TimeoutMs = timeoutMs, Attachment = id, PasswordHash = passwordHash.ToArray(),
        });
        result.SessionId = id;
        result.SessionEffect = SessionEffect.Created;
        return ApplyOutcome.Applied;
    }

    private ApplyOutcome Reattach(in EntryHeader header, ReadOnlySpan<byte> body)
    {
        if (!EntryCodec.TryReadSession(body, out int timeoutMs, out var passwordHash))
        {
            result.Error = ErrorCode.MarshallingError;
            return ApplyOutcome.Applied;
        }

        var session = sessions.Find(header.SessionId);
        if (session == null || !passwordHash.SequenceEqual(session.PasswordHash))
        {
            result.SessionEffect = SessionEffect.ReattachRefused;
            return ApplyOutcome.Applied;
        }

        session.TimeoutMs = timeoutMs;
        session.Attachment = result.Zxid;
        result.SessionEffect = SessionEffect.Reattached;
        return ApplyOutcome.Applied;
    }

    private ApplyOutcome Close(in EntryHeader header)
    {
        var admission = Admit(header);
        if (admission == ApplyOutcome.Applied)
            End(sessions.Get(header.SessionId));
        return admission;
    }

    private ApplyOutcome Expire(in EntryHeader header)
    {
        var session = sessions.Find(header.SessionId);
        if (session == null)
            return Refuse(ApplyOutcome.NoSession, ErrorCode.SessionExpired);

        End(session);
        return ApplyOutcome.Applied;
    }

    // All ephemerals go with one zxid, in the order of their paths, found here and not listed in the entry.
    private void End(Session session)
    {
        _ending.Clear();
        _ending.AddRange(session.Ephemerals);
        _ending.Sort(new ByPath(store));
        foreach (int slot in _ending)
            operations.DeleteAt(slot, result.Zxid);
        sessions.Remove(session.Id);
        result.SessionEffect = SessionEffect.Ended;
    }

    private sealed class ByPath(ZnodeStore store) : IComparer<int>
    {
        public int Compare(int x, int y) => store.PathOf(x).SequenceCompareTo(store.PathOf(y));
    }
}
