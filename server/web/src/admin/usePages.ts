import { useState } from "react";
import { withQuery, type Query } from "./api";
import { useAnswer, type Answer } from "./useAnswer";

export interface Paged<T> {
  data: T[];
  pagination: { page: number; size: number; totalPages: number; totalElements: number };
}

export interface Pages<T> extends Answer<Paged<T>> {
  turn: (page: number) => void;
}

/** A list in pages; another filter begins at the first. */
export function usePages<T>(path: string | null, query: Query, size = 25): Pages<T> {
  const filter = path === null ? null : withQuery(path, query);
  const [place, setPlace] = useState({ filter, page: 0 });
  const page = place.filter === filter ? place.page : 0;
  const answer = useAnswer<Paged<T>>(
    path === null ? null : withQuery(path, { ...query, page: page || null, size }),
  );
  return { ...answer, turn: (to) => setPlace({ filter, page: to }) };
}
