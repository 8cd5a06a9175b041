namespace Coord.StateMachine;

/// <summary>
/// Doubly linked rings of slot numbers, held by the number of their first member; <see cref="None"/> holds an empty
/// one. Appending and removing touch the neighbours only.
/// </summary>
internal static class Ring
{
    public const int None = -1;

    public static void Append<TLinks>(ref int first, int slot, TLinks links)
        where TLinks : struct, ILinks
    {
        ref var link = ref links.At(slot);
        if (first == None)
        {
            first = link.Next = link.Previous = slot;
            return;
        }

        ref var head = ref links.At(first);
        link.Next = first;
        link.Previous = head.Previous;
        links.At(head.Previous).Next = slot;
        head.Previous = slot;
    }

    public static void Remove<TLinks>(ref int first, int slot, TLinks links)
        where TLinks : struct, ILinks
    {
        var link = links.At(slot);
        if (link.Next == slot)
        {
            first = None;
            return;
        }

        links.At(link.Previous).Next = link.Next;
        links.At(link.Next).Previous = link.Previous;
        if (first == slot)
            first = link.Next;
    }
}
