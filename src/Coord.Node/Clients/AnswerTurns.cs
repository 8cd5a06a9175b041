namespace Coord.Node.Clients;

/// <summary>
/// Who may be answered now. A connection answers so much in a turn of the loop, and all of them so much; what is left
/// waits for the next, behind those who came before. One that does not read, or that is still to be told of much, waits
/// for that. So nobody's requests take the loop for long, and replies fill no more memory than a step's.
/// </summary>
internal sealed class AnswerTurns(NodeLimits limits)
{
    // What any answer costs, in bytes of a reply: finding the znode, writing the header.
    private const int AnswerCost = 128;

    private readonly Queue<ClientSession> waiting = [];
    private long turn = 1;
    private long left = limits.TurnAnswerBytesMax;

    /// <summary>Somebody waits for another turn, and for nothing else.</summary>
    public bool HasWork => waiting.Count > 0;

    /// <summary>The head of the session's queue may be answered in this turn.</summary>
    public bool MayAnswer(ClientSession session) =>
        !IsHeldBack(session) && left > 0
        && (session.AnswerTurn != turn || session.AnswerBytes < limits.ClientStepBytesMax);

    /// <summary>It must read first, or be told of what waits for it.</summary>
    public bool IsHeldBack(ClientSession session) =>
        session.IsBackedUp || session.HeldEvents.Count > limits.EventsAheadOfReplyMax;

    /// <summary>Notes what an answer has cost.</summary>
    public void Spend(ClientSession session, long bytes)
    {
        if (session.AnswerTurn != turn)
            (session.AnswerTurn, session.AnswerBytes) = (turn, 0);
        session.AnswerBytes += AnswerCost + bytes;
        left -= AnswerCost + bytes;
    }

    /// <summary>It has something to answer, and may not yet: it is called when it may.</summary>
    public void Wait(ClientSession session)
    {
        session.AwaitsRoom = IsHeldBack(session);
        if (session.AwaitsRoom || session.AwaitsTurn)
            return;
        session.AwaitsTurn = true;
        waiting.Enqueue(session);
    }

    /// <summary>It has read, or was told of what had waited.</summary>
    public void RoomMade(ClientSession session)
    {
        if (session.AwaitsRoom)
            Wait(session);
    }

    /// <summary>The next turn begins: everybody has a new share.</summary>
    public void NextTurn()
    {
        turn++;
        left = limits.TurnAnswerBytesMax;
    }

    /// <summary>Calls those who wait, as long as there is room for their answers.</summary>
    public void Step(Action<ClientSession> goOn)
    {
        left = limits.TurnAnswerBytesMax;
        for (var count = waiting.Count; count > 0 && left > 0; count--)
        {
            var session = waiting.Dequeue();
            session.AwaitsTurn = false;
            if (session.Phase == ClientPhase.Connected)
                goOn(session);
        }
    }
}
