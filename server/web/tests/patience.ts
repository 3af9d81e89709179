// A busy machine is slow, and that says nothing about the page.
import { configure } from "@testing-library/react";

configure({ asyncUtilTimeout: 20_000 });
